import { lazy, Suspense } from 'preact/compat';
import { useEffect } from 'preact/hooks';
import { Redirect, Route, Switch, useLocation } from 'wouter-preact';
import { ApiProblem } from './lib/api.ts';
import { COUNTS, homeOf, may, type Role, STAFF, useSession } from './lib/session.ts';
import { SessionOver } from './parts/session-over.tsx';
import { Shell } from './parts/shell.tsx';
import { NotAllowed, NotFound, Unreachable } from './parts/states.tsx';

const Overview = lazy(() => import('./pages/overview.tsx'));
const Explore = lazy(() => import('./pages/explore.tsx'));
const Model = lazy(() => import('./pages/model.tsx'));
const Maker = lazy(() => import('./pages/maker.tsx'));
const Platform = lazy(() => import('./pages/platform.tsx'));
const Movers = lazy(() => import('./pages/movers.tsx'));
const Unlisted = lazy(() => import('./pages/unlisted.tsx'));
const Releases = lazy(() => import('./pages/releases.tsx'));
const Release = lazy(() => import('./pages/release.tsx'));
const Check = lazy(() => import('./pages/check.tsx'));
const Access = lazy(() => import('./pages/access.tsx'));
const Method = lazy(() => import('./pages/method.tsx'));
const SignIn = lazy(() => import('./pages/sign-in.tsx'));
const LinkedView = lazy(() => import('./pages/linked-view.tsx'));

export function App() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/signin">
          <SignIn />
        </Route>
        <Route path="/view">
          <LinkedView />
        </Route>
        <Route path="/check">
          <Anybody>
            <Check />
          </Anybody>
        </Route>
        <Route path="/method">
          <Anybody>
            <Method />
          </Anybody>
        </Route>
        <Route>
          <SignedIn />
        </Route>
      </Switch>
    </Suspense>
  );
}

/** Pages that need no account look the same to whoever has one. */
function Anybody({ children }: { children: preact.ComponentChildren }) {
  return (
    <Shell optional>
      <Suspense fallback={null}>{children}</Suspense>
    </Shell>
  );
}

function SignedIn() {
  const session = useSession();
  const [path, navigate] = useLocation();
  const signedOut = session.error instanceof ApiProblem && session.error.status === 401 && !session.data;
  useEffect(() => {
    if (signedOut) navigate(`/signin?next=${encodeURIComponent(path + location.search)}`, { replace: true });
  }, [signedOut, navigate, path]);
  if (signedOut) return null;
  if (session.isError && !session.data) return <Unreachable again={() => session.refetch()} />;
  return (
    <Shell>
      {session.data && (
        <Suspense fallback={null}>
          <Pages />
        </Suspense>
      )}
      <SessionOver />
    </Shell>
  );
}

function Pages() {
  const session = useSession();
  if (session.data?.manufacturer)
    return (
      <Switch>
        <Route path="/releases/:period/:party">
          {(params) => <Release period={params.period} party={params.party} />}
        </Route>
        <Route path="/releases">
          <Release party={session.data.manufacturer} />
        </Route>
        <Route path="/">
          <Redirect to="/releases" replace />
        </Route>
        <Route>
          <Guarded roles={STAFF} page="This page">
            <NotFound />
          </Guarded>
        </Route>
      </Switch>
    );
  return (
    <Switch>
      <Route path="/">
        {homeOf(session.data) === '/' ? <Overview /> : <Redirect to={homeOf(session.data)} replace />}
      </Route>
      <Route path="/explore">{counts('Explore', <Explore />)}</Route>
      <Route path="/movers">{counts('Movers', <Movers />)}</Route>
      <Route path="/models/:category/:vendor/:model">
        {(params) =>
          counts(
            'The page of a model',
            <Model category={params.category} vendor={params.vendor} model={params.model} />,
          )
        }
      </Route>
      <Route path="/makers/:vendor">
        {(params) => counts('The page of a maker', <Maker vendor={params.vendor} />)}
      </Route>
      <Route path="/platforms/:platform">
        {(params) => counts('The page of a platform', <Platform platform={params.platform} />)}
      </Route>
      <Route path="/unlisted">
        <Guarded roles={['curator']} page="Unlisted">
          <Unlisted />
        </Guarded>
      </Route>
      <Route path="/releases/:period/:party">
        {(params) => staff('A release', <Release period={params.period} party={params.party} />)}
      </Route>
      <Route path="/releases/:tab">{(params) => staff('Releases', <Releases tab={params.tab} />)}</Route>
      <Route path="/releases">{staff('Releases', <Releases tab="months" />)}</Route>
      <Route path="/access">
        <Guarded roles={['admin']} page="Access">
          <Access />
        </Guarded>
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

function counts(page: string, children: preact.ComponentChildren) {
  return (
    <Guarded roles={COUNTS} page={page}>
      {children}
    </Guarded>
  );
}

function staff(page: string, children: preact.ComponentChildren) {
  return (
    <Guarded roles={STAFF} page={page}>
      {children}
    </Guarded>
  );
}

/** What the key does not open is said, not left blank. */
function Guarded({
  roles,
  page,
  children,
}: {
  roles: readonly Role[];
  page: string;
  children: preact.ComponentChildren;
}) {
  const { data } = useSession();
  if (!may(data, roles)) return <NotAllowed roles={roles} page={page} />;
  return children;
}
