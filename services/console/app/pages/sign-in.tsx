import { useEffect, useState } from 'preact/hooks';
import { useLocation, useSearch } from 'wouter-preact';
import { ApiProblem } from '../lib/api.ts';
import { useSignIn } from '../lib/session.ts';
import { Logo } from '../parts/icon.tsx';
import { KeyForm } from '../parts/key-form.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Toast } from '../parts/toast.tsx';

/** Where to go once signed in: an address of this console, never another host's. */
function destination(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/signin') ? next : '/';
}

/** What came of a way to the identity provider and back. */
const FAULTS: Readonly<Record<string, string>> = {
  'no-scope': 'Your organisation knows you, and has not said what you may do here. Ask whoever runs this server.',
  failed: 'The sign-in with your organisation did not work out. Try again, or sign in with a key.',
};

/** The token of a link: it stands behind the #, which no browser sends, and is taken out of the address at once. */
function takeLink(): string | undefined {
  const link = new URLSearchParams(location.hash.slice(1)).get('link') ?? undefined;
  if (link !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return link;
}

export default function SignIn() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const [link] = useState(takeLink);
  const [fault, setFault] = useState(FAULTS[new URLSearchParams(search).get('fault') ?? '']);
  const signIn = useSignIn();
  useTitle('Sign in');
  const go = () => {
    document.documentElement.dataset.session = 'yes';
    const to = destination(search);
    // The page of what is collected and the API's are the server's own.
    if (/^\/(privacy|docs)/.test(to)) location.assign(to);
    else navigate(to, { replace: true });
  };
  useEffect(() => {
    if (link === undefined) return;
    signIn({ link }).then(go, (thrown: unknown) =>
      setFault(
        thrown instanceof ApiProblem && thrown.status !== 401
          ? thrown.message
          : 'The link was used before, or is too old. Ask for another, or sign in with a key.',
      ),
    );
  }, [link]);
  return (
    <div class="signin">
      <div class="left">
        <header>
          <a class="brand" href="/">
            <Logo />
            <b>Rollcall</b>
          </a>
        </header>
        <main id="main">
          <h1>Sign in</h1>
          {link !== undefined && fault === undefined ? (
            <p role="status">Signing in with the link…</p>
          ) : (
            <>
              <p>With the access key that an admin made for you. It is sent once, to this server.</p>
              {fault !== undefined && (
                <p class="err" role="alert">
                  {fault}
                </p>
              )}
              <KeyForm done={go} />
              {document.documentElement.dataset.provider === 'yes' && (
                <p>
                  <a class="btn" href={`/v1/session/oidc?next=${encodeURIComponent(destination(search))}`}>
                    Sign in with your organisation
                  </a>
                </p>
              )}
            </>
          )}
          <div class="help">
            <p>
              <b>No key?</b> Ask whoever runs this server. They make one with <code>rollcall keys create</code>.
            </p>
            <p>
              <b>You only want to know what is collected?</b> <a href="/privacy">Read it without signing in.</a>
            </p>
          </div>
        </main>
        <footer>
          <a href="/privacy">What is collected</a>
          <a href="/method">Method</a>
          <a href="/docs">API</a>
        </footer>
      </div>
      <aside class="rightp">
        <svg class="tally" width="260" height="38" viewBox="0 0 300 38" aria-hidden="true">
          {[0, 54, 108, 162, 216].map((x) => (
            <path key={x} d={`M${x + 10} 4v30M${x + 19} 4v30M${x + 28} 4v30M${x + 37} 4v30M${x + 4} 28 ${x + 43} 10`} />
          ))}
        </svg>
        <h2>What do our users run, and what should we support next?</h2>
        <dl class="roles">
          <div>
            <dt>Reader</dt>
            <dd>sees counts, trends and movers</dd>
          </div>
          <div>
            <dt>Curator</dt>
            <dd>also says what unknown names are</dd>
          </div>
          <div>
            <dt>Releaser</dt>
            <dd>also looks after releases and held numbers</dd>
          </div>
          <div>
            <dt>Manufacturer</dt>
            <dd>sees its own releases, and nothing else</dd>
          </div>
        </dl>
      </aside>
      <Toast />
    </div>
  );
}
