export default function Platform(_: Record<string, unknown>) {
  return <p>Platform</p>;
}
