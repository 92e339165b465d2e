import { Search } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { Link, useLocation, useSearch } from 'wouter-preact';
import type { WaitingAnswer } from '../lib/answers.ts';
import { count } from '../lib/format.ts';
import { COUNTS, may, pagesOf, type Session, useSession } from '../lib/session.ts';
import { useApi } from '../lib/use-api.ts';
import { AccountMenu } from './account-menu.tsx';
import { Icon, Logo } from './icon.tsx';
import { Keyboard, openHelp } from './keyboard.tsx';
import { openSearch, SearchDialog } from './search.tsx';
import { Toast } from './toast.tsx';

/** The bar above, the line below, and what opens from anywhere. `optional`: the page needs no session. */
export function Shell({ children, optional = false }: { children: preact.ComponentChildren; optional?: boolean }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      {optional ? <OptionalTop /> : <KnownTop />}
      <main id="main" tabIndex={-1}>
        <div class="in page">{children}</div>
      </main>
      <Foot />
      <Keyboard />
      <Toast />
    </>
  );
}

/** A public page asks for no session of its own: it shows the one that another page of this tab has found. */
function OptionalTop() {
  const { data } = useSession(document.documentElement.dataset.session === 'yes');
  return data ? <Top session={data} /> : <PublicTop />;
}

function KnownTop() {
  const { data } = useSession();
  return <Top session={data} />;
}

function Top({ session }: { session: Session | undefined }) {
  const bar = useRef<HTMLElement>(null);
  const [at] = useLocation();
  // A bar that scrolls sideways shows the page that one is on.
  useEffect(() => {
    const here = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (bar.current && here) bar.current.scrollLeft = here.offsetLeft - bar.current.clientWidth / 2;
  }, [at, session]);
  const staff = may(session, COUNTS);
  const waits = may(session, ['curator', 'releaser']);
  const { data: waiting } = useApi<WaitingAnswer>(waits ? '/v1/waiting' : undefined);
  return (
    <header class="top">
      <div class="in">
        <Link class="brand" href="/">
          <Logo />
          <b>Rollcall</b>
        </Link>
        <nav aria-label="Pages" ref={bar}>
          {pagesOf(session).map((page) => (
            <NavLink key={page.path} path={page.path} waiting={waiting && page.waiting ? page.waiting(waiting) : 0}>
              {page.label}
            </NavLink>
          ))}
        </nav>
        <div class="right">
          {staff && (
            <button class="search" type="button" onClick={openSearch} aria-keyshortcuts="/">
              <Icon of={Search} />
              <span class="vh">Search </span>
              <span class="words">Model, maker or platform</span>
              <kbd>/</kbd>
            </button>
          )}
          {session && <AccountMenu session={session} />}
        </div>
      </div>
      {staff && <SearchDialog />}
    </header>
  );
}

function NavLink({ path, waiting, children }: { path: string; waiting: number; children: string }) {
  const [at] = useLocation();
  const here = path === '/' ? at === '/' : at.startsWith(path) || (path === '/explore' && DETAILS.test(at));
  const current = here ? { 'aria-current': 'page' as const } : {};
  const inside = (
    <>
      {children}
      {waiting > 0 && (
        <span class="count">
          {count(waiting)}
          <span class="vh"> waiting</span>
        </span>
      )}
    </>
  );
  // The page of what is collected is the server's own.
  return path === '/privacy' ? (
    <a href={path}>{inside}</a>
  ) : (
    <Link href={path} {...current}>
      {inside}
    </Link>
  );
}
const DETAILS = /^\/(models|makers|platforms)\//;

export function PublicTop() {
  const [at] = useLocation();
  const link = (path: string, label: string) => (
    <a href={path} {...(at === path ? { 'aria-current': 'page' as const } : {})}>
      {label}
    </a>
  );
  return (
    <header class="top">
      <div class="in">
        <a class="brand" href="/">
          <Logo />
          <b>Rollcall</b>
        </a>
        <nav aria-label="Pages">
          {link('/privacy', 'What is collected')}
          {link('/check', 'Check a release')}
          {link('/method', 'Method')}
          {link('/docs', 'API')}
        </nav>
        <div class="right">
          <a class="btn" href={`/signin?next=${encodeURIComponent(at)}`}>
            Sign in
          </a>
        </div>
      </div>
    </header>
  );
}

function Foot() {
  return (
    <footer class="foot">
      <div class="in">
        <span>Rollcall counts phone systems without knowing whose they are.</span>
        <nav aria-label="About">
          <a href="/privacy">What is collected</a>
          <Link href="/method">Method</Link>
          <a href="/docs">API</a>
          <button type="button" class="link" onClick={openHelp}>
            Keyboard <kbd>?</kbd>
          </button>
        </nav>
      </div>
      <Permalink />
    </footer>
  );
}

/** Printed at the foot: where the page is to be found again. */
function Permalink() {
  useLocation();
  useSearch();
  return (
    <p class="permalink in" aria-hidden="true">
      {location.href} · How the numbers are made: {location.origin}/method
    </p>
  );
}

/** The page's own name, in the window and for whoever listens. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Rollcall`;
  }, [title]);
}
