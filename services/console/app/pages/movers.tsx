export default function Movers(_: Record<string, unknown>) {
  return <p>Movers</p>;
}
