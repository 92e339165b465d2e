export default function Release(_: Record<string, unknown>) {
  return <p>Release</p>;
}
