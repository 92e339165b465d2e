export default function Model(_: Record<string, unknown>) {
  return <p>Model</p>;
}
