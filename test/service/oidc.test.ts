import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseScopeMap } from '../../services/api/keys/oidc/oidc-settings.ts';
import { addMonths, periodAt } from '../../services/core/period.ts';
import { phone, sites } from '../support/api/api-server.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import { CLIENT, startOidcProvider, type TestProvider } from '../support/oidc-provider.ts';
import { textsInFiles } from '../support/scan-files.ts';
import {
  type AccessServer,
  bearer,
  call,
  type Installation,
  makeKey,
  openInstallation,
  SEED,
} from './access-server.ts';

const PUBLIC_URL = 'http://census.example';
const CALLBACK = '/v1/session/oidc/callback';

let installation: Installation;
let provider: TestProvider;
let one: AccessServer;
let two: AccessServer;
beforeAll(async () => {
  provider = await startOidcProvider(PUBLIC_URL + CALLBACK);
  installation = await openInstallation();
  one = await installation.server({ config: settings() });
  two = await installation.server({ config: settings() });
});
afterAll(async () => {
  await installation.close();
  await provider.close();
});

function settings(more: object = {}) {
  return {
    publicUrl: PUBLIC_URL,
    oidcIssuer: provider.issuer,
    oidcClientId: CLIENT.id,
    oidcClientSecret: CLIENT.secret,
    oidcScopes: 'desk=reader,names=curator,yealink=manufacturer:Yealink',
    ...more,
  };
}

const cookiesOf = (headers: Awaited<ReturnType<typeof call>>['headers']) =>
  [headers['set-cookie'] ?? []].flat().map(String);
const cookieOf = (cookies: readonly string[], name: string) =>
  cookies.find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0];

/** To the provider, through it, and the address that it sends the browser back to. */
async function toProvider(server: AccessServer, next = '/explore?by=sites') {
  const left = await call(server, 'GET', `/v1/session/oidc?next=${encodeURIComponent(next)}`);
  expect(left.status, left.text).toBe(303);
  const [kept] = cookiesOf(left.headers);
  const back = new URL(await provider.walk(String(left.headers.location)));
  return { kept: String(kept), cookie: String(kept).split(';')[0] as string, back: back.pathname + back.search };
}

async function signIn(server: AccessServer, sub: string, claims: object, next?: string) {
  provider.becomes(sub, { ...claims });
  const { cookie, back } = await toProvider(server, next);
  const answer = await call(server, 'GET', back, { cookie });
  return { answer, session: cookieOf(cookiesOf(answer.headers), 'rollcall_session') };
}

test('somebody whom the provider vouches for is signed in on every process, as what the claim opens', async () => {
  provider.becomes('ada', { name: 'Ada Lovelace', roles: ['names', 'canteen', 'desk', 'yealink'] });
  const { kept, cookie, back } = await toProvider(one);
  expect(kept).toMatch(/^rollcall_oidc=.*; Path=\/v1\/session\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/);
  // Another process takes the answer: none keeps anything of the attempt.
  const answer = await call(two, 'GET', back, { cookie });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('content="0;url=/explore?by=sites"');
  const cookies = cookiesOf(answer.headers);
  expect(cookies.find((one) => one.startsWith('rollcall_session'))).toMatch(/; HttpOnly; SameSite=Strict; /);
  expect(cookieOf(cookies, 'rollcall_oidc')).toBe('rollcall_oidc=');
  installation.clock.moveTo(installation.clock.now() + 300);
  const { json } = await call(one, 'GET', '/v1/session', { cookie: String(cookieOf(cookies, 'rollcall_session')) });
  expect(json).toMatchObject({ owner: 'Ada Lovelace', scopes: ['curator', 'reader'], manufacturer: null });
  expect(json?.keyId).toMatch(/^oidc-[0-9a-f]{16}$/);
  const audit = await call(one, 'GET', '/v1/audit?order=desc&limit=1', bearer(SEED));
  expect(audit.json?.entries).toMatchObject([
    { actor: json?.keyId, action: 'session.opened', object: 'oidc curator reader' },
  ]);
});

test('the same person is the same at each visit, and a manufacturer sees its own', async () => {
  const ids: unknown[] = [];
  for (const _ of [1, 2]) {
    const { session } = await signIn(one, 'yea', { roles: 'yealink' });
    installation.clock.moveTo(installation.clock.now() + 300);
    const { json } = await call(two, 'GET', '/v1/session', { cookie: String(session) });
    expect(json).toMatchObject({ scopes: ['manufacturer:Yealink'], manufacturer: 'Yealink' });
    ids.push(json?.keyId);
  }
  expect(ids[0]).toBe(ids[1]);
});

test('whoever the claim opens nothing to is not let in, and hears it', async () => {
  for (const claims of [{}, { roles: ['canteen'] }, { roles: 7 }]) {
    const { answer, session } = await signIn(one, 'guest', claims);
    expect([answer.status, session]).toEqual([200, undefined]);
    expect(answer.text).toContain('/signin?fault=no-scope');
  }
});

test('an answer is taken once, by the browser that asked, as the provider gave it', async () => {
  provider.becomes('eve', { roles: ['desk'] });
  const { cookie, back } = await toProvider(one);
  const other = await toProvider(one);
  for (const [query, sent] of [
    [back, ''],
    [back, other.cookie],
    [back.replace(/state=[^&]*/, 'state=x'), cookie],
    [`${CALLBACK}?error=access_denied&state=x`, cookie],
    [CALLBACK, cookie],
  ]) {
    const answer = await call(two, 'GET', String(query), { cookie: String(sent) });
    expect(cookieOf(cookiesOf(answer.headers), 'rollcall_session'), String(query)).toBeUndefined();
    expect(answer.text).toContain('/signin?fault=failed');
  }
  expect(cookieOf(cookiesOf((await call(two, 'GET', back, { cookie })).headers), 'rollcall_session')).toBeDefined();
  expect(cookieOf(cookiesOf((await call(two, 'GET', back, { cookie })).headers), 'rollcall_session')).toBeUndefined();
});

test('nobody is led to another host', async () => {
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'x'])
    expect((await call(one, 'GET', `/v1/session/oidc?next=${encodeURIComponent(next)}`)).status).toBe(400);
});

test('a person shares a view as the holder of a key does, for a month at most, and it ends with what is opened to them', async () => {
  const now = installation.clock.now();
  const period = addMonths(periodAt(now), -1);
  const words = sites(0, 12, [phone('Yealink', 'SIP-T46S', 3)]);
  const facts = words.flatMap((word) => linesOf(period, word));
  const { store } = installation.embedded;
  await store.insertFacts([blockOf(period, facts, words.length)]);
  const month = { period, threshold: 10, catalogue: 'test', takenAt: now };
  await store.showFinal(month, await store.freeze(month));
  const visit = async (roles: string[]) => {
    const { session } = await signIn(one, 'gil', { name: 'Gil', roles });
    installation.clock.moveTo(installation.clock.now() + 300);
    const cookie = String(session);
    const { json } = await call(one, 'GET', '/v1/session', { cookie });
    return { id: String(json?.keyId), headers: { cookie, 'x-csrf-token': String(json?.csrfToken) } };
  };
  const { id, headers } = await visit(['desk']);
  const make = (days: number) => call(one, 'POST', '/v1/view-links', headers, { address: '/explore', days });
  expect((await make(31)).json).toMatchObject({ status: 400, errors: [{ pointer: '/days', reason: 'out-of-range' }] });
  const made = [await make(30), await make(30), await make(30)].map(({ status, json }) => {
    expect(status).toBe(201);
    return json as unknown as { id: string; link: string; createdBy: string };
  });
  const [own, admins, rest] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  expect(own.createdBy).toBe(id);
  const open = async (link: string, server = two) =>
    (await call(server, 'POST', '/v1/view-links/open', {}, { link })).status;
  expect(await open(own.link)).toBe(200);
  const stranger = await makeKey(one, 'a reader with a key', ['reader']);
  const revoke = async (by: Record<string, string>, of: string) =>
    (await call(one, 'DELETE', `/v1/view-links/${of}`, by)).status;
  expect(await revoke(bearer(stranger.key), own.id)).toBe(404);
  expect([await revoke(headers, own.id), await revoke(bearer(SEED), admins.id)]).toEqual([204, 204]);
  expect([await open(own.link), await open(admins.link), await open(rest.link)]).toEqual([410, 410, 200]);
  // Whoever believes the provider otherwise, or not at all, believes none of its people's links.
  for (const config of [settings({ oidcScopes: 'desk=curator' }), {}])
    expect(await open(rest.link, await installation.server({ config }))).toBe(410);
  // Still staff, then somebody who is shown no counts any more.
  await visit(['names']);
  expect(await open(rest.link)).toBe(200);
  await signIn(one, 'gil', { roles: ['canteen'] });
  expect(await open(rest.link)).toBe(410);
  const { entries } = (await call(one, 'GET', '/v1/audit?order=desc&limit=100', bearer(SEED))).json as {
    entries: { actor: string; action: string; object: string }[];
  };
  expect(
    entries
      .filter(({ action }) => /^view-link\.(created|revoked)/.test(action))
      .map(({ actor, object }) => [actor, object]),
  ).toEqual([
    [id, rest.id],
    ['admin', admins.id],
    [id, own.id],
    ...[rest, admins, own].map((one) => [id, `${one.id} 30 days`]),
  ]);
});

test('sessions end when the operator believes the provider otherwise, or not at all', async () => {
  const { session } = await signIn(one, 'ada', { roles: ['desk'] });
  installation.clock.moveTo(installation.clock.now() + 300);
  const asked = async (config: object) =>
    (await call(await installation.server({ config }), 'GET', '/v1/session', { cookie: String(session) })).status;
  expect([await asked(settings()), await asked(settings({ oidcScopes: 'desk=curator' })), await asked({})]).toEqual([
    200, 401, 401,
  ]);
  const without = await installation.server();
  for (const path of ['/v1/session/oidc', `${CALLBACK}?code=x`])
    expect((await call(without, 'GET', path)).status).toBe(404);
});

test('neither code, nor what the browser kept, nor the client’s secret is stored or logged', async () => {
  provider.becomes('ada', { roles: ['desk'] });
  const { cookie, back } = await toProvider(one);
  await call(one, 'GET', back, { cookie });
  const code = new URLSearchParams(back.split('?')[1]).get('code') as string;
  const secrets = [
    code,
    ...cookie
      .replace(/^[^=]*=/, '')
      .split('.')
      .slice(0, 3),
    CLIENT.secret,
  ];
  for (const secret of secrets) expect(installation.logged.join('\n')).not.toContain(secret);
  expect(textsInFiles(installation.directory, secrets)).toEqual([]);
});

test('what words open is read strictly', () => {
  expect([...(parseScopeMap('a=reader, b c=manufacturer:Yealink,d=e=admin') ?? [])]).toEqual([
    ['a', 'reader'],
    ['b c', 'manufacturer:Yealink'],
    ['d=e', 'admin'],
  ]);
  for (const wrong of ['', 'a', '=reader', 'a=king', 'a=reader,a=admin']) expect(parseScopeMap(wrong)).toBeUndefined();
});
