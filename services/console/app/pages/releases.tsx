export default function Releases(_: Record<string, unknown>) {
  return <p>Releases</p>;
}
