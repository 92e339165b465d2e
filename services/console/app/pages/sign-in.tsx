export default function SignIn(_: Record<string, unknown>) {
  return <p>SignIn</p>;
}
