export default function Unlisted(_: Record<string, unknown>) {
  return <p>Unlisted</p>;
}
