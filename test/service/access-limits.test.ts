import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTrustedProxies } from '../../services/shared/trusted-proxies.ts';
import { reportOf } from '../support/client.ts';
import {
  type AccessServer,
  bearer,
  call,
  type Installation,
  makeKey,
  openInstallation,
  SEED,
} from './access-server.ts';

let installation: Installation;
let server: AccessServer;
beforeAll(async () => {
  installation = await openInstallation();
  server = await installation.server({
    readsPerMinute: 60,
    reportsPerMinute: 3,
    proxies: parseTrustedProxies('10.0.0.0/8')!,
  });
});
afterAll(() => installation.close());

/** `t` of a RateLimit header: seconds until what was counted is forgotten. */
const secondsIn = (header: unknown) => Number(/;t=(\d+)$/.exec(String(header))?.[1]);
const REPORT = JSON.stringify(reportOf());
/** From a client behind the proxy. */
const postFrom = (client: string, remoteAddress = '10.0.0.1', path = '/v1/reports', payload = REPORT) =>
  server.app.inject({
    method: 'POST',
    url: path,
    remoteAddress,
    headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
    payload,
  });

describe('reports', () => {
  test('of one network are limited together, of others apart', async () => {
    const statuses = [];
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.3.4', '2001:db8::1'])
      statuses.push((await postFrom(client)).statusCode);
    expect(statuses).toEqual([202, 202, 202, 429, 202, 202]);
  });

  test('beyond the limit are refused as a problem that says when to come again, and names nobody', async () => {
    for (let i = 0; i < 3; i++) await postFrom('198.51.100.77');
    const refused = await postFrom('198.51.100.77');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
      'retry-after': expect.stringMatching(/^[0-9]+$/),
      'ratelimit-policy': '"reports";q=3;w=60',
      ratelimit: expect.stringMatching(/^"reports";r=0;t=[0-9]+$/),
      'cache-control': 'no-store',
    });
    expect(refused.json()).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
    const retryAfter = Number(refused.headers['retry-after']);
    expect(retryAfter).toBe(secondsIn(refused.headers.ratelimit));
    expect(retryAfter).toBeGreaterThan(0);
    expect(refused.body + JSON.stringify(refused.headers) + installation.logged.join()).not.toContain('198.51');
  });

  test('that are taken say nothing of what the neighbours sent', async () => {
    const taken = await postFrom('203.0.113.1');
    expect(Object.keys(taken.headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });

  test('of this machine are not limited; those that only claim to be are', async () => {
    const headers = { 'content-type': 'application/json' };
    const own = { method: 'POST', url: '/v1/reports', remoteAddress: '127.0.0.1', headers, payload: REPORT } as const;
    for (let i = 0; i < 10; i++) expect((await server.app.inject(own)).statusCode).toBe(202);
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await postFrom('127.0.0.1')).statusCode);
    expect(statuses.at(-1)).toBe(429);
  });

  test('that a proxy on this machine forwards are refused with what to set, unless it is trusted', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
      const headers = { 'content-type': 'application/json', [name]: '192.0.2.99' };
      const refused = await server.app.inject({
        method: 'POST',
        url: '/v1/reports',
        remoteAddress: '127.0.0.1',
        headers,
        payload: REPORT,
      });
      expect([refused.statusCode, refused.json().type]).toEqual([403, '/problems/proxy-not-trusted']);
      expect(refused.json().detail).toContain('ROLLCALL_TRUSTED_PROXIES');
      expect(refused.body).not.toContain('192.0.2');
    }
    expect((await postFrom('192.0.2.99', '127.0.0.1', '/v1/session', '{"key":"x"}')).statusCode).toBe(403);
  });

  test('that take everything back meet no limit', async () => {
    const report = JSON.stringify({ ...reportOf(), withdraw: true });
    for (let i = 0; i < 4; i++) await postFrom('198.51.101.1');
    expect((await postFrom('198.51.101.1')).statusCode).toBe(429);
    expect((await postFrom('198.51.101.1', '10.0.0.1', '/v1/reports', report)).statusCode).toBe(202);
    // A proxy that nobody trusts keeps nobody from leaving either.
    expect((await postFrom('198.51.101.1', '127.0.0.1', '/v1/reports', report)).statusCode).toBe(202);
  });

  test('are limited by themselves: other paths of the same network go on', async () => {
    for (let i = 0; i < 5; i++) await postFrom('192.0.2.1');
    expect((await postFrom('192.0.2.1')).statusCode).toBe(429);
    expect((await postFrom('192.0.2.1', '10.0.0.1', '/v1/session', '{}')).statusCode).toBe(400);
  });
});

test('a network that has brought its new sites is told so over HTTP; who shows a ticket is not new', async () => {
  const small = await installation.server({ newTokens: 5, proxies: parseTrustedProxies('10.0.0.0/8')! });
  const from = (body: object) =>
    small.app.inject({
      method: 'POST',
      url: '/v1/reports',
      remoteAddress: '10.0.0.1',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.105.9' },
      payload: JSON.stringify(body),
    });
  const first = reportOf({ token: 'first-token-of-a-network-0001' });
  const { ticket } = (await from(first)).json();
  const statuses = new Set<number>();
  for (let i = 0; i < 7; i++)
    statuses.add((await from(reportOf({ token: `other-token-of-a-network-${i}` }))).statusCode);
  expect([...statuses]).toEqual([202, 429]);
  const refused = await from(reportOf({ token: 'another-token-of-a-network' }));
  expect([refused.statusCode, refused.json().type]).toEqual([429, '/problems/too-many-new-tokens']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.body + JSON.stringify(refused.headers)).not.toContain('198.51');
  expect((await from({ ...first, sequence: 2, ticket })).statusCode).toBe(202);
  expect((await from({ ...first, sequence: 3, withdraw: true })).statusCode).toBe(202);
});

describe('a key', () => {
  test('is told with each answer what is left to it, and is refused beyond; another key is not', async () => {
    const { key } = await makeKey(server, 'hasty', ['reader']);
    for (let left = 59; left >= 0; left--) {
      const { status, headers } = await call(server, 'GET', '/v1/session', bearer(key));
      expect([status, headers['ratelimit-policy']]).toEqual([200, '"reads";q=60;w=60']);
      expect(headers.ratelimit).toMatch(`"reads";r=${left};t=`);
      expect(secondsIn(headers.ratelimit)).toBeGreaterThan(0);
    }
    const refused = await call(server, 'GET', '/v1/session', bearer(key));
    expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([
      429,
      secondsIn(refused.headers.ratelimit),
    ]);
    expect((await call(server, 'GET', '/v1/session', bearer(SEED))).status).toBe(200);
  });
});

test('attempts to sign in are limited by network', async () => {
  const attempt = () => postFrom('192.0.9.1', '10.0.0.1', '/v1/session', JSON.stringify({ key: 'guess' }));
  const statuses = [];
  for (let i = 0; i < 31; i++) statuses.push((await attempt()).statusCode);
  expect(statuses).toEqual([...Array(30).fill(401), 429]);
});

describe('every answer', () => {
  test('carries the security headers, errors and unknown paths too, and no permission for other origins', async () => {
    for (const [method, url, headers] of [
      ['GET', '/v1/session', bearer(SEED)],
      ['GET', '/v1/session', {}],
      ['GET', '/v1/nothing', {}],
      ['POST', '/v1/reports', { 'content-type': 'text/plain' }],
      // The framework refuses these itself, before any hook.
      ['GET', '/v1/vendors/%zz', {}],
      ['GET', `/v1/vendors/${'x'.repeat(200)}`, bearer(SEED)],
      ['OPTIONS', '/v1/counts', { 'access-control-request-method': 'GET' }],
    ] as const) {
      const answer = await server.app.inject({
        method,
        url,
        headers: { origin: 'https://elsewhere.example', ...headers },
      });
      expect(answer.headers, `${method} ${url}`).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cache-control': 'no-store',
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('that a route wants kept is kept', async () => {
    const counts = await call(server, 'GET', '/v1/periods', bearer(SEED));
    expect(counts.headers['cache-control']).toMatch(/no-store|private/);
  });
});

test('keys that are none are too many after sixty a minute of one network; one that is one is let in all the same', async () => {
  const ask = async (key: string, client = '192.0.9.1') => {
    const headers = { ...bearer(key), 'x-forwarded-for': client };
    return (await server.app.inject({ url: '/v1/periods', remoteAddress: '10.0.0.1', headers })).statusCode;
  };
  const statuses = [];
  for (let n = 0; n < 61; n++) statuses.push(await ask(`rc_wrong_${n}`));
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(401));
  expect(statuses[60]).toBe(429);
  expect(await ask(SEED)).toBe(200);
  expect(await ask('rc_wrong', '192.0.8.1')).toBe(401);
});
