import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LINK_MS } from '../../services/api/keys/links.ts';
import { ABSOLUTE_MS, IDLE_MS } from '../../services/api/keys/sessions.ts';
import { parseTrustedProxies } from '../../services/shared/trusted-proxies.ts';
import { textsInFiles } from '../support/scan-files.ts';
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

const BEHIND_ONE = parseTrustedProxies('1')!;
const HTTPS = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };

let installation: Installation;
let one: AccessServer;
let two: AccessServer;
let proxied: AccessServer;
let readerKey: string;
beforeAll(async () => {
  installation = await openInstallation();
  one = await installation.server();
  two = await installation.server();
  proxied = await installation.server({ proxies: BEHIND_ONE });
  readerKey = (await makeKey(one, 'reader', ['reader'])).key;
});
afterAll(() => installation.close());

const later = (ms: number) => installation.clock.moveTo(installation.clock.now() + ms);
const statusOf = async (server: AccessServer, headers: Record<string, string>) =>
  (await call(server, 'GET', '/v1/session', headers)).status;

describe('a browser that signs in', () => {
  test('gets a cookie that no script reads and no other site sends, and that names nobody', async () => {
    const { setCookie, answer } = await signIn(one, readerKey);
    expect(setCookie).toMatch(
      /^rollcall_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    // The key's public id is told to its holder, and never stands in the cookie.
    for (const part of [readerKey.split('_')[1] as string, readerKey.slice(12, 30)])
      expect(setCookie).not.toContain(part);
    expect(answer.text).not.toContain(readerKey.slice(12, 30));
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json).toMatchObject({ scopes: ['reader'], manufacturer: null });
  });

  test('by https through a trusted proxy gets a cookie for https alone, of a name that no other host can set', async () => {
    const { setCookie, cookie, headers } = await signIn(proxied, readerKey, HTTPS);
    expect(setCookie).toMatch(/^__Host-rollcall_session=[^;]{43}; Path=\/; .*; Secure$/);
    later(300);
    expect(await statusOf(proxied, headers)).toBe(200);
    const planted = cookie.replace('__Host-', '');
    expect(await statusOf(proxied, { ...HTTPS, cookie: planted })).toBe(401);
  });

  test('is not believed to have come by https without a trusted proxy', async () => {
    const said = { 'x-forwarded-proto': 'https' };
    expect((await signIn(one, readerKey, said)).setCookie).not.toContain('Secure');
  });

  test('is signed in on every process', async () => {
    const { headers } = await signIn(one, readerKey);
    later(300);
    expect([await statusOf(one, headers), await statusOf(two, headers)]).toEqual([200, 200]);
    expect((await call(two, 'GET', '/v1/periods', headers)).status).toBe(200);
    expect((await call(two, 'GET', '/v1/keys', headers)).status).toBe(403);
  });

  test('is not signed in with a key that is wrong, and hears why', async () => {
    for (const [key, type] of [
      [`${readerKey}x`, 'mistyped-key'],
      ['no-key-at-all', 'not-signed-in'],
    ]) {
      const answer = await call(one, 'POST', '/v1/session', {}, { key });
      expect([answer.status, answer.json?.type]).toEqual([401, `/problems/${type}`]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  test('gets another session each time, and the one before ends', async () => {
    const first = await signIn(one, readerKey);
    const second = await signIn(one, readerKey, { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect([await statusOf(one, first.headers), await statusOf(one, { cookie: second.cookie })]).toEqual([401, 200]);
  });
});

describe('a request that changes something', () => {
  test('by cookie needs the CSRF token of its own session; by key it needs none', async () => {
    const admin = await signIn(one, SEED);
    const other = await signIn(one, SEED);
    const make = async (headers: Record<string, string>, owner: string) =>
      (await call(one, 'POST', '/v1/keys', headers, { owner, scopes: ['reader'] })).status;
    expect(await make(admin.headers, 'none')).toBe(403);
    expect(await make({ ...admin.headers, 'x-csrf-token': '' }, 'empty')).toBe(403);
    expect(await make({ ...admin.headers, ...other.csrf }, 'of another')).toBe(403);
    expect(await make({ ...admin.headers, 'x-csrf-token': admin.cookie.split('=')[1] as string }, 'cookie')).toBe(403);
    expect(await make({ ...admin.headers, ...admin.csrf }, 'its own')).toBe(201);
    expect(await make(bearer(SEED), 'by key')).toBe(201);
    const { json } = await call(one, 'GET', '/v1/session', admin.headers);
    expect(json?.csrfToken).toBe(admin.csrf['x-csrf-token']);
  });

  test('is the key’s when it has a key and a cookie', async () => {
    const admin = await signIn(one, SEED);
    expect((await call(one, 'GET', '/v1/keys', { ...admin.headers, ...bearer(readerKey) })).status).toBe(403);
  });
});

describe('a session ends', () => {
  test('when its browser signs out, on every process within two seconds', async () => {
    const { headers, csrf, cookie } = await signIn(one, readerKey);
    later(300);
    expect(await statusOf(two, headers)).toBe(200);
    expect((await call(one, 'DELETE', '/v1/session', headers)).status).toBe(403);
    const out = await call(one, 'DELETE', '/v1/session', { ...headers, ...csrf });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(/^rollcall_session=; .*Max-Age=0/);
    expect(await statusOf(one, { cookie })).toBe(401);
    later(2_000);
    expect(await statusOf(two, { cookie })).toBe(401);
  });

  test('when it was not used for half an hour, and not while it is', async () => {
    const { headers } = await signIn(one, readerKey);
    for (let i = 0; i < 4; i++) {
      later(IDLE_MS - 1_000);
      expect(await statusOf(one, headers)).toBe(200);
    }
    later(IDLE_MS);
    expect(await statusOf(one, headers)).toBe(401);
    expect(await statusOf(two, headers)).toBe(401);
  });

  test('when it is twelve hours old, however busy', async () => {
    const { headers } = await signIn(one, readerKey);
    for (let age = 0; age < ABSOLUTE_MS; age += IDLE_MS / 2) {
      expect(await statusOf(one, headers), `after ${age} ms`).toBe(200);
      later(IDLE_MS / 2);
    }
    expect(await statusOf(one, headers)).toBe(401);
  });

  test('when its key is revoked or expires', async () => {
    const revoked = await makeKey(one, 'session of revoked', ['reader']);
    const expiring = await makeKey(one, 'session of expiring', ['reader'], {
      expiresAt: new Date(installation.clock.now() + 60_000).toISOString(),
    });
    const sessions = [await signIn(one, revoked.key), await signIn(two, expiring.key)];
    later(300);
    for (const { headers } of sessions) expect(await statusOf(two, headers)).toBe(200);
    await call(one, 'DELETE', `/v1/keys/${revoked.id}`, bearer(SEED));
    later(60_000);
    for (const { headers } of sessions) expect(await statusOf(two, headers)).toBe(401);
  });

  test('when the admin’s key is configured anew', async () => {
    const { headers } = await signIn(one, SEED);
    const restarted = await installation.server({ adminKey: 'another-admin-key-altogether' });
    later(300);
    expect([await statusOf(one, headers), await statusOf(restarted, headers)]).toEqual([200, 401]);
    expect(await statusOf(restarted, bearer(SEED))).toBe(401);
  });

  test('when its key has twenty newer ones', async () => {
    const { key } = await makeKey(one, 'busy', ['reader']);
    const first = await signIn(one, key);
    for (let i = 0; i < 20; i++) {
      later(10);
      await signIn(one, key);
    }
    expect(await statusOf(one, first.headers)).toBe(401);
  });
});

describe('a link', () => {
  const linkTo = async (id: string) => {
    const made = await call(one, 'POST', `/v1/keys/${id}/link`, bearer(SEED));
    expect(made.status, made.text).toBe(201);
    return String(made.json?.link);
  };
  const follow = (server: AccessServer, link: string) => call(server, 'POST', '/v1/session', {}, { link });

  test('signs in once with its key, of all processes that are asked at the same moment', async () => {
    const { id } = await makeKey(one, 'linked', ['curator']);
    const link = await linkTo(id);
    const answers = await Promise.all([one, two, one, two, proxied].map((server) => follow(server, link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
    const [won] = answers.filter(({ status }) => status === 201);
    expect(won?.json).toMatchObject({ keyId: id, owner: 'linked', scopes: ['curator'] });
    expect(won?.text).not.toContain(link);
    const lost = answers.find(({ status }) => status === 401);
    expect(lost?.json?.type).toBe('/problems/no-such-link');
    const headers = { cookie: String(won?.headers['set-cookie']).split(';')[0] as string };
    later(300);
    expect(await statusOf(two, headers)).toBe(200);
    expect((await follow(two, link)).status).toBe(401);
  });

  test('is dead after ten minutes, when its key is revoked, and when it never was one', async () => {
    const late = await linkTo((await makeKey(one, 'late', ['reader'])).id);
    later(LINK_MS - 1_000);
    const { id } = await makeKey(one, 'gone', ['reader']);
    const revoked = await linkTo(id);
    await call(one, 'DELETE', `/v1/keys/${id}`, bearer(SEED));
    later(1_000);
    for (const link of [late, revoked, 'A'.repeat(43)]) expect((await follow(two, link)).status).toBe(401);
    expect((await call(one, 'POST', `/v1/keys/${id}/link`, bearer(SEED))).status).toBe(404);
  });

  test('and whoever made and followed it are in the audit; its token is nowhere', async () => {
    const { id } = await makeKey(one, 'audited', ['reader']);
    const link = await linkTo(id);
    expect((await follow(two, link)).status).toBe(201);
    const { json } = await call(one, 'GET', '/v1/audit?order=desc&limit=2', bearer(SEED));
    expect(json?.entries).toMatchObject([
      { actor: id, action: 'session.opened', object: 'link' },
      { actor: 'admin', action: 'link.created', object: id },
    ]);
    expect(JSON.stringify(await installation.sql.rows('SELECT * FROM sign_in_links'))).not.toContain(link);
    expect(installation.logged.join('\n')).not.toContain(link);
    expect(textsInFiles(installation.directory, [link])).toEqual([]);
  });
});

test('neither token nor CSRF token of a session is stored, logged or audited', async () => {
  const { cookie, csrf } = await signIn(one, SEED);
  const secrets = [cookie.split('=')[1] as string, csrf['x-csrf-token']];
  const tables = await Promise.all(
    ['sessions', 'audit', 'access_keys'].map((name) => installation.sql.rows(`SELECT * FROM ${name}`)),
  );
  for (const secret of secrets) {
    expect(JSON.stringify(tables)).not.toContain(secret);
    expect(installation.logged.join('\n')).not.toContain(secret);
  }
  expect(textsInFiles(installation.directory, secrets)).toEqual([]);
});
