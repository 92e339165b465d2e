import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { SeriesAnswer } from '../../schemas/answers/series.ts';
import { LinkedViewAnswer, type ViewLinkAnswer } from '../../schemas/answers/views.ts';
import { MISS_AGE_MS } from '../../services/api/keys/keys.ts';
import { MOST_PINS } from '../../services/api/views/pins.ts';
import { MOST_LINKS } from '../../services/api/views/view-links.ts';
import { addMonths, periodAt } from '../../services/core/period.ts';
import { parseTrustedProxies } from '../../services/shared/trusted-proxies.ts';
import { phone, sites } from '../support/api/api-server.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import { textsInFiles } from '../support/scan-files.ts';
import type { SaidBySite } from '../support/site-oracle.ts';
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

// Views that are kept, over a store with two final months and one that is filling.
const OPEN = periodAt(Date.now());
const [EARLIER, LAST] = [addMonths(OPEN, -2), addMonths(OPEN, -1)];
const DAY_MS = 86_400_000;

const [t46, t54, poly] = [
  phone('Yealink', 'SIP-T46S', 3),
  phone('Yealink', 'SIP-T54W', 2),
  phone('Poly', 'VVX 450', 1),
];
/** Fewer sites than the threshold have it: it is held back in every month. */
const RARE = 'D765';
const rare = phone('Snom', RARE, 7);
const SAID: readonly (readonly [typeof OPEN, readonly SaidBySite[]])[] = [
  [EARLIER, [...sites(0, 20, [t46]), ...sites(20, 32, [t54], 'Asterisk 20'), ...sites(32, 36, [rare])]],
  [
    LAST,
    [
      ...sites(0, 14, [t46]),
      ...sites(14, 40, [t54], 'Asterisk 20'),
      ...sites(40, 52, [poly, t54]),
      ...sites(52, 56, [rare]),
    ],
  ],
  [OPEN, [...sites(0, 17, [t46, poly])]],
];

let installation: Installation;
let one: AccessServer;
let two: AccessServer;
let proxied: AccessServer;
let reader: { id: string; key: string };
let stranger: { id: string; key: string };

beforeAll(async () => {
  installation = await openInstallation();
  const { store } = installation.embedded;
  for (const [i, [period, words]] of SAID.entries()) {
    await store.insertFacts([
      blockOf(
        period,
        words.flatMap((word) => linesOf(period, word)),
        words.length,
      ),
    ]);
    const order = { period, threshold: 10, catalogue: 'test', takenAt: installation.clock.now() - DAY_MS + i };
    if (period === OPEN) await store.takeSnapshot({ ...order, guard: 'exact' });
    else await store.showFinal(order, await store.freeze(order));
  }
  one = await installation.server();
  two = await installation.server();
  proxied = await installation.server({ proxies: parseTrustedProxies('10.0.0.0/8')! });
  reader = await makeKey(one, 'reader', ['reader']);
  stranger = await makeKey(one, 'another reader', ['reader']);
});
afterAll(() => installation.close());

const later = (ms: number) => installation.clock.moveTo(installation.clock.now() + ms);
const ask = async <T>(url: string, key = reader.key): Promise<T> => {
  const answer = await call(one, 'GET', url, bearer(key));
  expect([url, answer.status]).toEqual([url, 200]);
  return answer.json as T;
};

describe('a view that is pinned', () => {
  const pin = (address: string, key = reader.key, server = one) =>
    call(server, 'POST', '/v1/pins', bearer(key), { address });
  const pinned = async (key = reader.key, server = two) =>
    ((await call(server, 'GET', '/v1/pins', bearer(key))).json as { pins: { id: string; address: string }[] }).pins;

  test('is kept for its key alone, on every process, once and by the one address that it has', async () => {
    const first = await pin('/explore?view=vendor&by=devices&category=phone&sort=-sites&offset=0');
    expect(first.status, first.text).toBe(201);
    expect(first.json?.address).toBe('/explore?by=devices&view=vendor');
    const again = await pin('/explore?by=devices&view=vendor', reader.key, two);
    expect(again.json).toEqual(first.json);
    later(1);
    expect((await pin(`/models/phone/yealink/sip-t46s?period=${LAST}`)).json?.address).toBe(
      `/models/phone/Yealink/SIP-T46S?period=${LAST}`,
    );
    expect((await pinned()).map(({ address }) => address)).toEqual([
      '/explore?by=devices&view=vendor',
      `/models/phone/Yealink/SIP-T46S?period=${LAST}`,
    ]);
    expect(await pinned(stranger.key)).toEqual([]);
  });

  test('is taken back by its own key alone, and is stored nowhere then', async () => {
    const { id } = (await pin('/movers')).json as { id: string };
    const remove = (key: string) => call(one, 'DELETE', `/v1/pins/${id}`, bearer(key));
    expect((await remove(stranger.key)).status).toBe(404);
    expect((await pinned()).some((one) => one.id === id)).toBe(true);
    expect((await remove(reader.key)).status).toBe(204);
    expect((await remove(reader.key)).status).toBe(404);
    expect(await installation.sql.rows(`SELECT * FROM pins WHERE id = '${id}'`)).toEqual([]);
  });

  test.each([
    ['//evil.example/explore', 'not-a-view'],
    ['/\\evil.example/explore', 'not-a-view'],
    ['https://evil.example/explore', 'not-a-view'],
    ['javascript:alert(1)', 'not-a-view'],
    ['explore', 'not-a-view'],
    ['/', 'not-a-view'],
    ['/access', 'not-a-view'],
    ['/releases/2026-10/Yealink', 'not-a-view'],
    ['/explore/../access', 'not-a-view'],
    ['/explore#link=abc', 'not-a-view'],
    ['/explore?note=Zoe%20Smith', 'not-a-view'],
    ['/explore?view=unlisted', 'not-a-view'],
    ['/explore?view=vendor&view=model', 'not-a-view'],
    ['/explore?cell=Zoe%20Smith&cell=x', 'not-a-view'],
    ['/explore?period=2026-13', 'not-a-view'],
    ['/movers?q=x&view=model', 'typed-text'],
    ['/explore?q=Zoe%20Smith', 'typed-text'],
    ['/models/phone/Yealink', 'not-a-view'],
    ['/makers/%ff', 'not-a-view'],
    ['/makers/Zoe%00Smith', 'not-a-view'],
    [`/makers/${'x'.repeat(3_000)}`, 'too-long'],
  ])('%s is none: nothing is kept that is no address of a page of numbers', async (address, reason) => {
    const answer = await pin(address);
    expect([answer.status, answer.json?.errors]).toEqual([400, [{ pointer: '/address', reason }]]);
    expect(answer.text).not.toMatch(/Zoe|evil|abc/);
  });

  test('names what is known, and nobody: a name of no list and no shown cell is kept in no part of an address', async () => {
    for (const address of [
      '/makers/Zoe%20Smith',
      '/models/phone/Yealink/Zoe%20Smith',
      '/platforms/Zoe%20Smith',
      '/explore?vendor=Zoe%20Smith',
      '/explore?platform=Zoe%20Smith&view=platform',
      '/explore?only=phone%3AYealink%3AZoe%20Smith',
      '/makers/Yealink?only=phone%3AYealink%3AZoe%20Smith',
      '/explore?cell=phone%3AYealink%3ASIP-T46S&cell=phone%3AYealink%3AZoe%20Smith',
    ])
      expect([address, (await pin(address)).status]).toEqual([address, 404]);
    expect(textsInFiles(installation.directory, ['Zoe Smith', 'Zoe%20Smith'])).toEqual([]);
  });

  test('is one of a bounded number', async () => {
    const { key } = await makeKey(one, 'keeps much', ['curator']);
    for (let i = 0; i < MOST_PINS; i++) expect((await pin(`/explore?offset=${100 * (i + 1)}`, key)).status).toBe(201);
    expect((await pin('/movers', key)).json?.type).toBe('/problems/too-many-pins');
    expect((await pin('/explore?offset=100', key)).status).toBe(201);
    expect(await pinned(key)).toHaveLength(MOST_PINS);
  });

  test('goes with its key', async () => {
    const { id, key } = await makeKey(one, 'leaves', ['reader']);
    expect((await pin('/movers', key)).status).toBe(201);
    expect((await call(two, 'DELETE', `/v1/keys/${id}`, bearer(SEED))).status).toBe(204);
    expect(await installation.sql.rows(`SELECT * FROM pins WHERE key = '${id}'`)).toEqual([]);
  });

  test('ends when its key expires, and half a year after anybody signed in with it: a sign-in keeps it', async () => {
    const ends = installation.clock.now() + 40 * DAY_MS;
    const brief = await makeKey(one, 'brief', ['reader'], { expiresAt: new Date(ends).toISOString() });
    const { id, key } = await makeKey(one, 'comes and goes', ['reader']);
    for (const of of [brief.key, key]) expect((await pin('/movers', of)).status).toBe(201);
    const keptUntil = async (of: string) =>
      Math.max(...(await one.store.pins(of)).map((kept) => kept.keptUntil)) - installation.clock.now();
    expect(await keptUntil(brief.id)).toBe(ends - installation.clock.now());
    expect(Math.round((await keptUntil(id)) / DAY_MS)).toBe(180);
    later(29 * DAY_MS);
    await signIn(two, key);
    expect(Math.round((await keptUntil(id)) / DAY_MS)).toBe(151);
    later(2 * DAY_MS);
    await signIn(two, key);
    await signIn(two, brief.key);
    expect(Math.round((await keptUntil(id)) / DAY_MS)).toBe(180);
    expect(await keptUntil(brief.id)).toBe(ends - installation.clock.now());
    later(179 * DAY_MS);
    expect(await pinned(key)).toHaveLength(1);
    later(2 * DAY_MS);
    expect(await pinned(key)).toEqual([]);
    expect((await pin('/movers', key)).status).toBe(201);
    expect(await pinned(key)).toHaveLength(1);
  });

  test('is nobody’s business: the audit has no word of it', async () => {
    const { entries } = await ask<{ entries: { action: string }[] }>('/v1/audit?limit=1000', SEED);
    expect(entries.filter(({ action }) => action.includes('pin'))).toEqual([]);
  });
});

describe('a link to one view', () => {
  const order = (address: string, key = reader.key, days = 7) =>
    call(one, 'POST', '/v1/view-links', bearer(key), { address, days });
  const make = async (address: string, key = reader.key, days = 7) => {
    const made = await order(address, key, days);
    expect(made.status, made.text).toBe(201);
    // Other processes look for what they do not know five times a second.
    later(MISS_AGE_MS + 1);
    return made.json as unknown as ViewLinkAnswer & { link: string };
  };
  const open = (link: string, server = two, headers: Record<string, string> = {}) =>
    call(server, 'POST', '/v1/view-links/open', headers, { link });
  const shown = async (link: string) => {
    const answer = await open(link);
    expect(answer.status, answer.text).toBe(200);
    return LinkedViewAnswer.parse(answer.json);
  };

  test('shows whoever has it what a reader is shown of final months, and keeps showing that', async () => {
    const { link, address } = await make('/explore');
    expect(address).toBe(`/explore?compare=${EARLIER}&period=${LAST}`);
    const view = await shown(link);
    const { rows } = await ask<CountsAnswer>(`/v1/counts?view=model&category=phone&period=${LAST}&compare=${EARLIER}`);
    expect(view.rows).toEqual(rows.map(({ rank: _rank, rankBefore: _before, trend: _trend, ...row }) => row));
    expect(view.rows.map(({ model, sites }) => [model, sites])).toEqual([
      ['SIP-T54W', 38],
      ['SIP-T46S', 14],
      ['VVX 450', 12],
    ]);
    const { series } = await ask<SeriesAnswer>(`/v1/series?view=model&category=phone&from=${EARLIER}&to=${LAST}&top=5`);
    expect([view.months, view.series]).toEqual([[EARLIER, LAST], series]);
    expect([view.period, view.compare, view.threshold]).toEqual([LAST, EARLIER, 10]);
  });

  test.each([
    ['/explore?by=devices&chart=stacked&view=vendor', ['Yealink', 'Poly']],
    ['/explore?cell=phone%3AYealink%3ASIP-T46S&cell=phone%3AYealink%3ASIP-T54W', ['SIP-T54W']],
    ['/explore?view=platform', ['FreePBX 17', 'Asterisk 20']],
    ['/explore?view=platform_vendor', ['Yealink']],
    ['/explore?view=category', ['phone']],
    ['/models/phone/Yealink/SIP-T54W', ['SIP-T54W']],
    ['/makers/Yealink', ['SIP-T54W', 'SIP-T46S']],
    ['/platforms/Asterisk%2020', ['Yealink']],
    ['/movers', ['SIP-T54W', 'SIP-T46S']],
    ['/models/phone/Snom/D765', []],
    ['/makers/Snom', []],
  ])('of %s holds its numbers, nothing that is held back, and no month that is filling', async (address, names) => {
    const { link, id } = await make(address);
    const answer = await open(link);
    expect(answer.status, answer.text).toBe(200);
    const { address: of, ...content } = LinkedViewAnswer.parse(answer.json);
    expect(of).toContain(LAST);
    for (const name of names) expect(JSON.stringify(content.rows)).toContain(name);
    if (names.length === 0) expect(content.rows).toEqual([]);
    expect(JSON.stringify(content)).not.toMatch(new RegExp(`${RARE}.*"sites":|${OPEN}|suppressed|total`));
    expect(
      [content.series, content.other].flat().flatMap((one) => (one && 'points' in one ? one.points : [])).length,
    ).toBe(content.series.length * content.months.length);
    expect(content.months.every((month) => month === EARLIER || month === LAST)).toBe(true);
    await call(one, 'DELETE', `/v1/view-links/${id}`, bearer(reader.key));
  });

  test('of a month that may change, or of what is none, is not made', async () => {
    for (const address of [
      `/explore?period=${OPEN}`,
      `/explore?compare=${OPEN}`,
      `/movers?to=${OPEN}`,
      `/movers?from=${LAST}`,
    ])
      expect([address, (await order(address)).json?.type]).toEqual([address, '/problems/month-not-final']);
    expect((await order('/explore?q=x')).status).toBe(400);
    for (const days of [0, 91, 1.5]) expect((await order('/explore', reader.key, days)).status).toBe(400);
  });

  test('answers that question and no other: its token is no key, and takes no parameter', async () => {
    const { link } = await make('/movers');
    for (const path of ['/v1/counts', '/v1/pins', '/v1/view-links', '/v1/session'])
      expect([path, (await call(two, 'GET', path, bearer(link))).status]).toEqual([path, 401]);
    expect((await call(two, 'POST', '/v1/session', {}, { link })).status).toBe(401);
    expect((await call(two, 'POST', '/v1/view-links/open?view=vendor', {}, { link })).status).toBe(400);
    expect((await call(two, 'POST', '/v1/view-links/open', {}, { link, address: '/explore' })).status).toBe(400);
    const { headers, csrf } = await signIn(two, stranger.key);
    expect((await open(link, two, { ...headers, ...csrf })).json).toEqual((await open(link)).json);
  });

  test('is 404 when it never was one, and 410 when it has ended, was revoked, or its key is no more', async () => {
    const states = async () =>
      new Map(
        (await ask<{ links: ViewLinkAnswer[] }>('/v1/view-links', SEED)).links.map(({ id, state }) => [id, state]),
      );
    for (const wrong of ['A'.repeat(43), 'x', '-'])
      expect((await open(wrong)).json).toMatchObject({ status: 404, type: '/problems/no-such-link' });
    const gone = await makeKey(one, 'gone', ['reader']);
    const until = { expiresAt: new Date(installation.clock.now() + DAY_MS / 2).toISOString() };
    const ending = await makeKey(one, 'ending', ['curator'], until);
    const made = {
      short: await make('/movers', reader.key, 1),
      revoked: await make('/movers'),
      byAdmin: await make('/movers'),
      ofGone: await make('/movers', gone.key),
      ofEnding: await make('/movers', ending.key),
      ofSeed: await make('/movers', SEED),
    };
    for (const { link } of Object.values(made)) expect((await open(link)).status).toBe(200);
    expect((await call(two, 'DELETE', `/v1/view-links/${made.revoked.id}`, bearer(stranger.key))).status).toBe(404);
    expect((await open(made.revoked.link)).status).toBe(200);
    expect((await call(one, 'DELETE', `/v1/view-links/${made.revoked.id}`, bearer(reader.key))).status).toBe(204);
    expect((await call(one, 'DELETE', `/v1/view-links/${made.byAdmin.id}`, bearer(SEED))).status).toBe(204);
    await call(one, 'DELETE', `/v1/keys/${gone.id}`, bearer(SEED));
    expect([(await open(made.revoked.link)).status, (await open(made.byAdmin.link)).status]).toEqual([410, 410]);
    later(2_000);
    expect((await open(made.ofGone.link)).json).toMatchObject({
      status: 410,
      type: '/problems/link-over',
      title: 'Gone',
    });
    expect((await open(made.short.link)).status).toBe(200);
    later(DAY_MS / 2);
    expect((await open(made.ofEnding.link)).status).toBe(410);
    later(DAY_MS / 2);
    expect((await open(made.short.link)).status).toBe(410);
    const now = await states();
    expect(Object.values(made).map(({ id }) => now.get(id))).toEqual([
      ...['expired', 'revoked', 'revoked', 'key-gone', 'key-gone', 'live'],
    ]);
    const restarted = await installation.server({ adminKey: 'another-admin-key-altogether' });
    expect((await open(made.ofSeed.link, restarted)).status).toBe(410);
  });

  test('is one of a bounded number, and listed to whoever made it and to admins', async () => {
    const { key } = await makeKey(one, 'shares much', ['curator']);
    for (let i = 0; i < MOST_LINKS; i++) expect((await order('/movers', key)).status).toBe(201);
    expect((await order('/movers', key)).json?.type).toBe('/problems/too-many-links');
    const listed = async (of: string) => (await ask<{ links: ViewLinkAnswer[] }>('/v1/view-links', of)).links;
    expect(await listed(key)).toHaveLength(MOST_LINKS);
    expect(await listed(stranger.key)).toEqual([]);
    expect((await listed(SEED)).length).toBeGreaterThan(MOST_LINKS);
  });

  test('is made, opened and revoked in the audit, opened once a day, and by nobody who is named', async () => {
    const { id, link } = await make('/makers/Yealink');
    const usedBefore = (await keyOf(reader.id))?.lastUsedDay;
    later(3 * DAY_MS);
    await Promise.all([open(link), open(link), open(link)]);
    await open(link);
    await call(one, 'DELETE', `/v1/view-links/${id}`, bearer(SEED));
    const { entries } = await ask<{ entries: { actor: string; action: string; object: string }[] }>(
      '/v1/audit?order=desc&limit=3',
      SEED,
    );
    expect(entries).toMatchObject([
      { actor: 'admin', action: 'view-link.revoked', object: id },
      { actor: 'nobody', action: 'view-link.opened', object: id },
      { actor: reader.id, action: 'view-link.created', object: `${id} 7 days` },
    ]);
    // Who opens a link does not use the key that made it.
    expect((await keyOf(reader.id))?.lastUsedDay).toBe(usedBefore);
  });
  const keyOf = async (id: string) =>
    (await ask<{ keys: { id: string; lastUsedDay: string }[] }>('/v1/keys', SEED)).keys.find((key) => key.id === id);

  test('and its token are in no table, file or line of the log', async () => {
    const { link } = await make('/movers');
    await open(link);
    await open(`${link}x`);
    const tables = await Promise.all(
      ['view_links', 'audit', 'pins'].map((name) => installation.sql.rows(`SELECT * FROM ${name}`)),
    );
    expect(JSON.stringify(tables)).not.toContain(link);
    expect(installation.logged.join('\n')).not.toContain(link);
    expect(textsInFiles(installation.directory, [link])).toEqual([]);
  });

  test('is guessed at a bounded rate by each network, and opens for its holder meanwhile', async () => {
    const { link } = await make('/movers');
    const from = (client: string, token: string) =>
      proxied.app.inject({
        method: 'POST',
        url: '/v1/view-links/open',
        remoteAddress: '10.0.0.1',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
        payload: JSON.stringify({ link: token }),
      });
    const reads: string[] = [];
    const { viewLinks, viewLink } = proxied.store;
    const noted = <T>(read: string, answer: T): T => {
      reads.push(read);
      return answer;
    };
    Object.assign(proxied.store, {
      viewLinks: () => noted('all', viewLinks()),
      viewLink: (digest: string) => noted('one', viewLink(digest)),
    });
    const statuses: number[] = [];
    for (let i = 0; i < 70; i++) statuses.push((await from('192.0.2.7', `wrong-${i}`)).statusCode);
    expect([statuses[0], statuses[59], statuses[60], statuses.at(-1)]).toEqual([404, 404, 429, 429]);
    // A guess is no question to the store: in the same moment the list is read once, whoever asks.
    expect(reads).toEqual(['all']);
    later(MISS_AGE_MS + 1);
    await Promise.all(['a', 'b', 'c'].map((wrong) => from('203.0.113.7', wrong)));
    expect(reads).toEqual(['all', 'all']);
    expect((await from('192.0.2.7', link)).statusCode).toBe(200);
    expect((await from('198.51.100.7', 'wrong')).statusCode).toBe(404);
  });
});
