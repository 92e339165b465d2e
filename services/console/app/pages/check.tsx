export default function Check(_: Record<string, unknown>) {
  return <p>Check</p>;
}
