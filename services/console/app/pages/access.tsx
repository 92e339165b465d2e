export default function Access(_: Record<string, unknown>) {
  return <p>Access</p>;
}
