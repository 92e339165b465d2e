import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller, Route } from '../../services/http/route.ts';
import {
  type AccessServer,
  bearer,
  call,
  type Installation,
  makeKey,
  openInstallation,
  SEED,
  signIn,
} from './access-server.ts';

const STAFF = 'reader curator releaser admin';
/** Exact counts: a releaser, who decides about noised numbers, sees none. */
const READERS = 'reader curator admin';
const EVERYBODY = `${STAFF} manufacturer`;

/**
 * Who may call what: the decision, written down a second time. A route that is not here fails, and so does a line here
 * whose route is gone. `public` means without a key.
 */
const RULES: Readonly<Record<string, string>> = {
  'GET /v1/periods': STAFF,
  'GET /v1/counts': READERS,
  'GET /v1/trend': READERS,
  'GET /v1/movers': READERS,
  'GET /v1/growth': READERS,
  'GET /v1/install-base': READERS,
  'GET /v1/vendors/:vendor': READERS,
  'GET /v1/platforms': READERS,
  'GET /v1/compare': READERS,
  'GET /v1/search': READERS,
  'GET /v1/overview': READERS,
  'GET /v1/series': READERS,
  'GET /v1/facets': READERS,
  'GET /v1/models/:category/:vendor/:model': READERS,
  'GET /v1/waiting': STAFF,
  'GET /v1/method': 'public',
  'GET /v1/agreements': 'releaser admin',
  'POST /v1/agreements': 'releaser admin',
  'DELETE /v1/agreements/:party': 'releaser admin',
  'GET /v1/agreements/:party/secret': 'releaser admin',
  'GET /v1/releases': EVERYBODY,
  'GET /v1/releases/:period/:party/:file': EVERYBODY,
  'POST /v1/releases/:period/:party/redeliver': 'releaser admin',
  'GET /v1/held': 'releaser admin',
  'POST /v1/held/decisions': 'releaser admin',
  'POST /v1/held/new-names': 'releaser admin',
  'GET /v1/ledger': STAFF,
  'GET /v1/release-profile': STAFF,
  'POST /v1/release-profile': 'admin',
  'POST /v1/periods/:period/close': 'releaser admin',
  'GET /v1/signing-key': 'public',
  'GET /v1/public-release': 'public',
  'GET /public': 'public',
  'GET /public/badge.svg': 'public',
  'GET /v1/catalog/unlisted': 'curator admin',
  'GET /v1/catalog/mappings': 'curator admin',
  'POST /v1/catalog/mappings': 'curator admin',
  'GET /v1/keys': 'admin',
  'POST /v1/keys': 'admin',
  'DELETE /v1/keys/:id': 'admin',
  'POST /v1/keys/:id/link': 'admin',
  'GET /v1/pins': READERS,
  'POST /v1/pins': READERS,
  'DELETE /v1/pins/:id': READERS,
  'GET /v1/view-links': READERS,
  'POST /v1/view-links': READERS,
  'DELETE /v1/view-links/:id': READERS,
  'POST /v1/view-links/open': 'public',
  'POST /v1/session': 'public',
  'GET /v1/session': EVERYBODY,
  'DELETE /v1/session': EVERYBODY,
  'GET /v1/session/oidc': 'public',
  'GET /v1/session/oidc/callback': 'public',
  'GET /v1/audit': 'admin',
  'GET /v1/dead-letters': 'admin',
  'POST /v1/dead-letters/:period/replay': 'admin',
  'DELETE /v1/dead-letters/:period': 'admin',
  'GET /openapi.json': 'public',
  'GET /docs': 'public',
};

const ROLES = [
  'reader',
  'curator',
  'releaser',
  'metrics',
  'admin',
  'manufacturer:Yealink',
  'manufacturer:Snom',
] as const;
const nameOf = ({ method, path }: Route) => `${method} ${path}`;
/** A path that the route answers to. */
const urlOf = ({ path }: Route) => path.replace(/:\w+/g, 'aaaaaaaa');

let installation: Installation;
let server: AccessServer;
const keys = new Map<string, string>();
/** Whoever a route's handler was called for. */
const callers: Caller[] = [];

beforeAll(async () => {
  installation = await openInstallation();
  server = await installation.server({ wrap: watched });
  for (const role of ROLES) keys.set(role, (await makeKey(server, role.replace(':', ' '), [role])).key);
  const revoked = await makeKey(server, 'revoked', ['admin']);
  await call(server, 'DELETE', `/v1/keys/${revoked.id}`, bearer(SEED));
  const expired = await makeKey(server, 'expired', ['admin'], { expiresInDays: 1 });
  keys.set('revoked', revoked.key).set('expired', expired.key);
  installation.clock.moveTo(installation.clock.now() + 86_400_000);
});
afterAll(() => installation.close());

function watched(route: Route): Route {
  return {
    ...route,
    handle(one) {
      if (one.caller) callers.push(one.caller);
      return route.handle(one);
    },
  };
}

/** Allowed is whatever is not refused for who asks: an empty body may still be 400. */
async function ask(route: Route, headers: Record<string, string>, url = urlOf(route)): Promise<'allowed' | 401 | 403> {
  const { status } = await call(server, route.method, url, headers, route.body ? {} : undefined);
  expect(status, nameOf(route)).toBeLessThan(500);
  return status === 401 || status === 403 ? status : 'allowed';
}

function expected(route: Route, role: string): 'allowed' | 403 {
  const allowed = RULES[nameOf(route)]?.split(' ') ?? [];
  return allowed.includes('public') || allowed.includes(role.replace(/:.*/, '')) ? 'allowed' : 403;
}

test('every route has its rule here, and every rule its route', () => {
  expect(server.routes.map(nameOf).sort()).toEqual(Object.keys(RULES).sort());
});

test('the matrix fails for a route without a rule', () => {
  const forgotten = { ...server.routes[0]!, path: '/v1/forgotten' };
  expect([...server.routes, forgotten].map(nameOf).sort()).not.toEqual(Object.keys(RULES).sort());
  expect(expected(forgotten, 'admin')).toBe(403);
});

test('nobody, and whoever’s key is revoked, expired or no key, is refused by every route that is not public', async () => {
  for (const route of server.routes) {
    const open = RULES[nameOf(route)] === 'public';
    expect(await ask(route, {}), nameOf(route)).toBe(open ? 'allowed' : 401);
    expect(await ask(route, { cookie: `rollcall_session=${'A'.repeat(43)}` }), nameOf(route)).toBe(
      open ? 'allowed' : 401,
    );
    for (const bad of [keys.get('revoked'), keys.get('expired'), `${SEED}x`, 'null', '*'])
      expect(await ask(route, bearer(bad as string)), `${nameOf(route)} ${bad}`).toBe(401);
  }
});

describe.each([...ROLES])('%s', (role) => {
  test('may call with its key exactly what its rule says', async () => {
    const answers = new Map<string, unknown>();
    for (const route of server.routes) answers.set(nameOf(route), await ask(route, bearer(keys.get(role) as string)));
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(server.routes.map((route) => [nameOf(route), expected(route, role)])),
    );
  });

  test('may call the same from its browser', async () => {
    const answers = new Map<string, unknown>();
    let session = await signIn(server, keys.get(role) as string);
    for (const route of server.routes) {
      const name = nameOf(route);
      // Without the token nothing is changed, whatever the role.
      if (route.method !== 'GET' && name !== 'POST /v1/session')
        expect(await ask(route, session.headers), name).toBe(403);
      answers.set(name, await ask(route, { ...session.headers, ...session.csrf }));
      if (name.endsWith(' /v1/session')) session = await signIn(server, keys.get(role) as string);
    }
    expect(Object.fromEntries(answers)).toEqual(
      Object.fromEntries(server.routes.map((route) => [nameOf(route), expected(route, role)])),
    );
  });

  test('is the manufacturer of its key to every route, or none, whatever the request says', async () => {
    callers.length = 0;
    const own = role.startsWith('manufacturer:') ? role.slice('manufacturer:'.length) : undefined;
    const headers = { ...bearer(keys.get(role) as string), 'x-manufacturer': 'Fanvil', cookie: 'manufacturer=Fanvil' };
    for (const route of server.routes)
      for (const query of ['', '?manufacturer=Fanvil', '?vendor=Fanvil', '?scope=admin'])
        await ask(route, headers, urlOf(route) + query);
    expect(callers.length).toBeGreaterThan(0);
    for (const caller of callers) expect([caller.manufacturer, caller.scopes]).toEqual([own, [role]]);
  });
});

test('a key of several scopes may call what any of them may', async () => {
  const both = (await makeKey(server, 'both', ['reader', 'releaser'])).key;
  for (const route of server.routes) {
    const either = ['reader', 'releaser'].some((role) => expected(route, role) === 'allowed');
    expect(await ask(route, bearer(both)), nameOf(route)).toBe(either ? 'allowed' : 403);
  }
});

test('the seed admin may call everything', async () => {
  for (const route of server.routes) expect(await ask(route, bearer(SEED)), nameOf(route)).toBe('allowed');
});

test('a path that no route has is refused to everybody alike', async () => {
  for (const headers of [{}, bearer(SEED)]) expect((await call(server, 'GET', '/v1/facts', headers)).status).toBe(404);
});

test('HEAD and OPTIONS open nothing that GET does not', async () => {
  for (const method of ['HEAD', 'OPTIONS'] as const)
    for (const route of server.routes) {
      const answer = await server.app.inject({
        method,
        url: urlOf(route),
        headers: { origin: 'https://elsewhere.example' },
      });
      if (RULES[nameOf(route)] !== 'public' || method === 'OPTIONS')
        expect([401, 404, 405], `${method} ${nameOf(route)}`).toContain(answer.statusCode);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
});
