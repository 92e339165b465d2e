import { signal, useSignal } from '../lib/signal.ts';

const said = signal<string>('');
let clear: ReturnType<typeof setTimeout> | undefined;
const LONG_MS = 4_000;

/** One line that says what was done, for a moment; read out. */
export function say(text: string): void {
  said.set(text);
  clearTimeout(clear);
  clear = setTimeout(() => said.set(''), LONG_MS);
}

export function Toast() {
  const text = useSignal(said);
  return (
    <div class={`toast ${text === '' ? '' : 'on'}`} role="status">
      {text}
    </div>
  );
}
