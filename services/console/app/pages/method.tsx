export default function Method(_: Record<string, unknown>) {
  return <p>Method</p>;
}
