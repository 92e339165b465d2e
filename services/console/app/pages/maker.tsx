export default function Maker(_: Record<string, unknown>) {
  return <p>Maker</p>;
}
