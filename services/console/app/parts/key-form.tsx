import { Eye, EyeOff, TriangleAlert } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { ApiProblem } from '../lib/api.ts';
import { useSignIn } from '../lib/session.ts';
import { Icon } from './icon.tsx';

/** Takes pasting and password managers. */
export function KeyForm({ done }: { done: () => void }) {
  const signIn = useSignIn();
  const [key, setKey] = useState('');
  const [shown, show] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<preact.ComponentChildren>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const text = key.trim();
    if (text === '') return setFault('Paste the key first.');
    setBusy(true);
    try {
      await signIn({ key: text });
      setKey('');
      done();
    } catch (thrown) {
      setFault(faultOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit} class="key-form">
      <input
        class="vh"
        type="text"
        name="username"
        autocomplete="username"
        value="rollcall"
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <label for="access-key">Access key</label>
      <div class={`inp ${fault === undefined ? '' : 'wrong'}`}>
        <input
          id="access-key"
          name="password"
          type={shown ? 'text' : 'password'}
          autocomplete="current-password"
          spellcheck={false}
          autocapitalize="none"
          value={key}
          aria-invalid={fault !== undefined}
          {...(fault === undefined ? {} : { 'aria-describedby': 'key-fault' })}
          onInput={(event) => {
            setKey(event.currentTarget.value);
            setFault(undefined);
          }}
        />
        <button
          type="button"
          class="quiet x"
          aria-pressed={shown}
          aria-label={shown ? 'Hide the key' : 'Show the key'}
          onClick={() => show(!shown)}
        >
          <Icon of={shown ? EyeOff : Eye} />
        </button>
      </div>
      {fault !== undefined && (
        <p class="err" id="key-fault" role="alert">
          <Icon of={TriangleAlert} />
          <span>{fault}</span>
        </p>
      )}
      <button class="btn main wide" type="submit" disabled={busy}>
        {busy ? 'Signing in' : 'Sign in'}
      </button>
    </form>
  );
}

function faultOf(thrown: unknown): preact.ComponentChildren {
  if (!(thrown instanceof ApiProblem)) return 'Something went wrong in this page.';
  if (thrown.type === 'mistyped-key')
    return (
      <>
        The key is not whole: a character is missing, added or wrong. Copy it again, from <code>rc_</code> to its end.
      </>
    );
  if (thrown.type === 'not-signed-in') return 'There is no such key. It may be of another server, or revoked long ago.';
  return thrown.message;
}
