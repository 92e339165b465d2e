import { TriangleAlert } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { ApiProblem, passes } from '../lib/api.ts';
import { list } from '../lib/format.ts';
import { COUNTS, may, type Role, useSession } from '../lib/session.ts';
import { Icon } from './icon.tsx';

const OWN: Readonly<Record<Role, string>> = {
  reader: 'a reader’s',
  curator: 'a curator’s',
  releaser: 'a releaser’s',
  admin: 'an admin’s',
  manufacturer: 'a manufacturer’s',
};

/** What the page needs, and what the key has. */
export function NotAllowed({ roles, page }: { roles: readonly Role[]; page: string }) {
  const { data: session } = useSession(false);
  const has = session?.roles.map((role) => OWN[role]) ?? [];
  return (
    <section class="panel lone" aria-labelledby="not-allowed">
      <div class="msg">
        <h1 id="not-allowed">Your key does not open this page.</h1>
        <p>
          {page} is for {list([...new Set([...roles, 'admin' as const])].map((role) => `${role}s`))}. Yours is{' '}
          {list(has)}
          {'. '}Ask an admin for another key.
        </p>
        <div class="row">
          <Link class="btn" href="/">
            {session?.manufacturer
              ? 'Back to your releases'
              : may(session, COUNTS)
                ? 'Back to the overview'
                : 'Back to releases'}
          </Link>
        </div>
      </div>
    </section>
  );
}

export function NotFound() {
  return (
    <section class="panel lone" aria-labelledby="not-found">
      <div class="msg">
        <h1 id="not-found">There is no such page.</h1>
        <p>The address may be of an older version, or cut short.</p>
        <div class="row">
          <Link class="btn" href="/">
            Back to the start
          </Link>
        </div>
      </div>
    </section>
  );
}

export function Unreachable({ again }: { again: () => void }) {
  return (
    <main class="in alone" id="main">
      <section class="panel lone">
        <div class="msg">
          <h1>The server does not answer.</h1>
          <p>The page tries again by itself every few seconds.</p>
          <div class="row">
            <button class="btn" type="button" onClick={again}>
              Try again
            </button>
          </div>
        </div>
      </section>
    </main>
  );
}

/** A panel that could not be loaded: what the server says of it, its code, and a way on. */
export function Failed({
  problem,
  again,
  what = 'This panel',
}: {
  problem: unknown;
  again: () => void;
  what?: string;
}) {
  const { detail, code } = wordsOf(problem);
  return (
    <div class="msg" role="alert">
      <p>
        <b>{what} could not be loaded.</b>
        <br />
        {detail}
      </p>
      <div class="row">
        <button class="btn" type="button" onClick={again}>
          Try again
        </button>
        <span class="muted">
          {passes(problem) ? 'tries by itself in 5 s · ' : ''}
          {code}
        </span>
      </div>
    </div>
  );
}

export function wordsOf(problem: unknown): { detail: string; code: string } {
  if (!(problem instanceof ApiProblem)) return { detail: 'The page could not read the answer.', code: 'unexpected' };
  return { detail: problem.message, code: problem.status === 0 ? 'no answer' : `${problem.type}, ${problem.status}` };
}

/** Rows where the numbers will be: nothing jumps. The word comes only when it takes a while. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const [slow, say] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => say(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="loading" aria-busy="true">
      <p class={slow ? 'word' : 'word quiet-word'} role="status">
        {slow ? 'Loading' : ''}
      </p>
      {Array.from({ length: rows }, (_, i) => (
        <div class="skr" key={i}>
          <i class={`sk w${(i * 7) % 5}`} />
          <i class={`sk v${(i * 5) % 4}`} />
          <i class="sk" />
          <i class="sk" />
        </div>
      ))}
    </div>
  );
}

/** Nothing to show, said in words, with one way out. */
export function Nothing({
  title,
  children,
  action,
}: {
  title: string;
  children: preact.ComponentChildren;
  action?: preact.ComponentChildren;
}) {
  return (
    <div class="msg" role="status">
      <p>
        <b>{title}</b>
        <br />
        {children}
      </p>
      {action && <div class="row">{action}</div>}
    </div>
  );
}

/** NO NOISE, wherever numbers of such a month stand; in print and exports too. */
export function NoNoise({ children }: { children: preact.ComponentChildren }) {
  return (
    <div class="loud" role="note">
      <Icon of={TriangleAlert} size={18} />
      <div>
        <b>NO NOISE</b>
        {children}
      </div>
    </div>
  );
}
