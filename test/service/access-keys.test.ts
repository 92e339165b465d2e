import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Audit } from '../../services/api/keys/audit.ts';
import { firstBreak } from '../../services/api/keys/audit-chain.ts';
import { SEED_ID } from '../../services/api/keys/keys.ts';
import { SOON } from '../support/patience.ts';
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

let installation: Installation;
let one: AccessServer;
let two: AccessServer;
beforeAll(async () => {
  installation = await openInstallation();
  [one, two] = [await installation.server(), await installation.server()];
});
afterAll(() => installation.close());

const statusOf = async (server: AccessServer, key: string) =>
  (await call(server, 'GET', '/v1/session', bearer(key))).status;
const later = (ms: number) => installation.clock.moveTo(installation.clock.now() + ms);

describe('an access key', () => {
  test('is shown once, works at once on every process, and is listed without its secret', async () => {
    const made = await makeKey(one, 'Ada Lovelace', ['reader', 'curator']);
    expect(made.key).toMatch(new RegExp(`^rc_${made.id}_[A-Za-z0-9_-]{49}$`));
    for (const server of [one, two])
      expect((await call(server, 'GET', '/v1/session', bearer(made.key))).json).toEqual({
        scopes: ['reader', 'curator'],
        manufacturer: null,
        csrfToken: null,
        expiresAt: null,
        keyId: made.id,
        owner: 'Ada Lovelace',
      });
    const { key: _, ...shown } = made;
    const lastUsedDay = new Date(installation.clock.now()).toISOString().slice(0, 10);
    // That it was used is written beside its request.
    await vi.waitFor(async () => {
      const { text, json } = await call(two, 'GET', '/v1/keys', bearer(SEED));
      expect(text).not.toContain(made.key.slice(12, 40));
      expect(json?.keys).toContainEqual({ ...shown, lastUsedDay });
    }, SOON);
  });

  test('is refused on every process within two seconds of being revoked, and says so to whoever holds it', async () => {
    const { id, key } = await makeKey(one, 'revoked', ['reader']);
    expect([await statusOf(one, key), await statusOf(two, key)]).toEqual([200, 200]);
    expect((await call(one, 'DELETE', `/v1/keys/${id}`, bearer(SEED))).status).toBe(204);
    expect(await statusOf(one, key)).toBe(401);
    later(2_000);
    const refused = await call(two, 'GET', '/v1/session', bearer(key));
    expect([refused.status, refused.json?.type]).toEqual([401, '/problems/revoked-key']);
    expect((await call(two, 'DELETE', `/v1/keys/${id}`, bearer(SEED))).status).toBe(204);
    expect((await call(two, 'DELETE', '/v1/keys/aaaaaaaa', bearer(SEED))).status).toBe(404);
    expect((await call(two, 'DELETE', `/v1/keys/${SEED_ID}`, bearer(SEED))).status).toBe(409);
  });

  test('is refused from the moment it expires', async () => {
    const { key, createdAt, expiresAt } = await makeKey(one, 'expiring', ['reader'], { expiresInDays: 1 });
    expect(Date.parse(expiresAt as string)).toBe(Date.parse(createdAt) + 86_400_000);
    installation.clock.moveTo(Date.parse(expiresAt as string) - 1);
    expect(await statusOf(two, key)).toBe(200);
    later(1);
    const refused = await call(two, 'GET', '/v1/session', bearer(key));
    expect([refused.status, refused.json?.type]).toEqual([401, '/problems/expired-key']);
  });

  test('has at most one other live key beside it of the same owner', async () => {
    const first = await makeKey(one, 'rotating', ['reader']);
    await makeKey(two, 'rotating', ['reader']);
    const body = { owner: 'rotating', scopes: ['reader'] };
    const third = await call(one, 'POST', '/v1/keys', bearer(SEED), body);
    expect([third.status, third.json?.type]).toEqual([409, '/problems/two-keys-already']);
    await call(one, 'DELETE', `/v1/keys/${first.id}`, bearer(SEED));
    await makeKey(two, 'rotating', ['reader']);
  });

  test('is never the third, when several processes are asked at the same moment', async () => {
    const body = { owner: 'raced', scopes: ['reader'] };
    const ask = (server: AccessServer) => call(server, 'POST', '/v1/keys', bearer(SEED), body);
    const answers = await Promise.all([one, two, one, two, one, two].map(ask));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const { json } = await call(one, 'GET', '/v1/keys', bearer(SEED));
    const keys = (json?.keys ?? []) as { owner: string; state: string }[];
    const live = keys.filter((key) => key.owner === 'raced' && key.state === 'live');
    expect(live.length).toBeLessThanOrEqual(2);
    // An answer of success is a key that works, also afterwards.
    for (const { status, json: made } of answers)
      if (status === 201) expect(await statusOf(two, String(made?.key))).toBe(200);
  });

  test('has its day of use written down once a day, and no finer', async () => {
    const { id, key } = await makeKey(one, 'daily', ['reader']);
    for (const server of [one, two, one, two]) await statusOf(server, key);
    later(86_400_000);
    for (const server of [one, two, one, two]) await statusOf(server, key);
    await vi.waitFor(async () => {
      const rows = await installation.sql.rows<{ day: string; at: number }>(
        "SELECT day, at FROM access_keys WHERE id = {id:String} AND event = 'used' ORDER BY day",
        { id },
      );
      const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
      const now = installation.clock.now();
      expect(rows).toEqual([
        { day: day(now - 86_400_000), at: 0 },
        { day: day(now), at: 0 },
      ]);
    }, SOON);
  });

  test('that was mistyped is told from one that nobody knows', async () => {
    const { key } = await makeKey(one, 'typing', ['reader']);
    const typeOf = async (given: string) => (await call(one, 'GET', '/v1/session', bearer(given))).json?.type;
    expect(await typeOf(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBe('/problems/mistyped-key');
    expect(await typeOf(key.slice(0, -3))).toBe('/problems/mistyped-key');
    expect(await typeOf('something-else-entirely')).toBe('/problems/not-signed-in');
  });

  test.each([
    ['no scope', { owner: 'x', scopes: [] }],
    ['an unknown scope', { owner: 'x', scopes: ['root'] }],
    ['a scope twice', { owner: 'x', scopes: ['reader', 'reader'] }],
    ['a manufacturer that is a reader too', { owner: 'x', scopes: ['reader', 'manufacturer:Snom'] }],
    ['a manufacturer without a name', { owner: 'x', scopes: ['manufacturer:'] }],
    ['a manufacturer that is a quote', { owner: 'x', scopes: ["manufacturer:Snom' OR 1=1 --"] }],
    ['a formula for an owner', { owner: '=cmd()', scopes: ['reader'] }],
    ['a header for an owner', { owner: 'x\r\nset-cookie: a=b', scopes: ['reader'] }],
    ['a statement for an owner', { owner: "x'); DROP TABLE access_keys; --", scopes: ['reader'] }],
    ['an owner too long', { owner: 'x'.repeat(65), scopes: ['reader'] }],
    ['a day in the past', { owner: 'x', scopes: ['reader'], expiresAt: '2020-01-01T00:00:00Z' }],
    ['two ends', { owner: 'x', scopes: ['reader'], expiresAt: '2027-01-01T00:00:00Z', expiresInDays: 3 }],
    ['a field that there is not', { owner: 'x', scopes: ['reader'], id: 'aaaaaaaa' }],
  ])('is not made with %s', async (_, body) => {
    expect((await call(one, 'POST', '/v1/keys', bearer(SEED), body)).status).toBe(400);
  });

  test('takes odd but honest names as they are', async () => {
    const owner = "Zoë O'Hara-Łukasiewicz (R&D)";
    const { id } = await makeKey(one, owner, ['manufacturer:AT&T (Poly), Inc.']);
    const { json } = await call(two, 'GET', '/v1/keys', bearer(SEED));
    expect(json?.keys).toContainEqual(
      expect.objectContaining({ id, owner, scopes: ['manufacturer:AT&T (Poly), Inc.'] }),
    );
  });

  test.each(["' OR 1=1", '../../etc/passwd', '%27%3B--', '{id:String}', '\u0000', 'a'.repeat(3_000)])(
    'is not found by the id %j',
    async (id) => {
      const answer = await call(one, 'DELETE', `/v1/keys/${encodeURIComponent(id)}`, bearer(SEED));
      expect([400, 404, 414]).toContain(answer.status);
      expect(answer.text).not.toContain('etc');
    },
  );

  test('gives a manufacturer by its scope alone, whatever the request says', async () => {
    const { key } = await makeKey(one, 'maker', ['manufacturer:Yealink']);
    const headers = { ...bearer(key), 'x-manufacturer': 'Snom', 'x-scopes': 'admin' };
    expect((await call(one, 'GET', '/v1/session', headers)).json).toMatchObject({ manufacturer: 'Yealink' });
    expect((await call(one, 'GET', '/v1/session?manufacturer=Snom', headers)).status).toBe(400);
    expect((await call(one, 'GET', '/v1/keys', headers)).status).toBe(403);
  });

  test('is in no log, no answer after the first, no table and no file', async () => {
    const made = await Promise.all(['scan-1', 'scan-2'].map((owner) => makeKey(one, owner, ['reader'])));
    const answers: string[] = [];
    for (const { key, id } of made) {
      for (const broken of [key, `${key}x`, key.slice(1), key.toUpperCase()])
        for (const [path, headers] of [
          ['/v1/session', bearer(broken)],
          ['/v1/keys', bearer(broken)],
          [`/v1/counts?q=${encodeURIComponent(broken)}`, bearer(SEED)],
          [`/v1/nothing/${encodeURIComponent(broken)}`, { cookie: `rollcall_session=${broken}` }],
        ] as const)
          answers.push((await call(two, 'GET', path, headers)).text);
      answers.push((await call(two, 'POST', '/v1/session', {}, { key: `${key}x` })).text);
      answers.push((await call(two, 'POST', '/v1/keys', bearer(SEED), { owner: key, scopes: [key] })).text);
      await call(one, 'DELETE', `/v1/keys/${id}`, bearer(SEED));
    }
    for (const path of ['/v1/keys', '/v1/audit?limit=1000'])
      answers.push((await call(two, 'GET', path, bearer(SEED))).text);
    const tables = await installation.sql.rows<{ name: string }>(
      'SELECT name FROM system.tables WHERE database = currentDatabase()',
    );
    const rows = await Promise.all(tables.map(({ name }) => installation.sql.rows(`SELECT * FROM ${name}`)));
    const secrets = [SEED, ...made.map(({ key }) => key.slice(12, 50))];
    for (const secret of secrets) {
      expect(answers.join('\n').toLowerCase()).not.toContain(secret.toLowerCase());
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(installation.logged.join('\n')).not.toContain(secret);
    }
    expect(textsInFiles(installation.directory, secrets)).toEqual([]);
    expect(JSON.stringify(rows)).toContain('scan-1');
  });
});

describe('the audit', () => {
  test('has every key that was made and revoked, by whom, in an unbroken chain over all processes', async () => {
    const admin = await makeKey(one, 'second admin', ['admin']);
    const made = await call(two, 'POST', '/v1/keys', bearer(admin.key), { owner: 'audited', scopes: ['reader'] });
    const id = String(made.json?.id);
    await call(one, 'DELETE', `/v1/keys/${id}`, bearer(admin.key));
    const entries = await one.store.auditEntries(0, 10_000);
    const acts = entries.map(({ actor, action, object }) => `${actor} ${action} ${object}`);
    expect(acts).toContain(`${SEED_ID} key.created ${admin.id} admin`);
    expect(acts.slice(-2)).toEqual([`${admin.id} key.created ${id} reader`, `${admin.id} key.revoked ${id}`]);
    expect(firstBreak(entries)).toBeUndefined();
  });

  test('does not fork when two processes write at the same moment', async () => {
    const before = (await one.store.auditHead())?.seq ?? 0;
    const writers = [one, two, one, two].map(({ store }) => new Audit(store, installation.clock));
    const act = { actor: SEED_ID, action: 'test.raced', object: '' };
    await Promise.all(Array.from({ length: 24 }, (_, i) => writers[i % 4]!.append(act)));
    const entries = await two.store.auditEntries(0, 10_000);
    expect(entries.at(-1)?.seq).toBe(before + 24);
    expect(firstBreak(entries)).toBeUndefined();
  });

  test('is read newest first, page by page, as it is oldest first', async () => {
    for (const owner of ['a', 'b', 'c']) await makeKey(one, owner, ['reader']);
    const read = async (query: string) => (await call(one, 'GET', `/v1/audit?${query}`, bearer(SEED))).json;
    const all = (await read('limit=1000'))?.entries as { seq: number }[];
    const first = await read('order=desc&limit=2');
    expect(first).toMatchObject({ order: 'desc', next: all.length - 1, entries: all.slice(-2).reverse() });
    const rest = await read(`order=desc&limit=1000&before=${first?.next}`);
    expect(rest).toMatchObject({ next: null, entries: all.slice(0, -2).reverse() });
    for (const query of ['before=3', 'order=desc&after=1', 'order=newest'])
      expect((await call(one, 'GET', `/v1/audit?${query}`, bearer(SEED))).status).toBe(400);
  });

  test('is read in pages, and a forged second entry of one place is seen', async () => {
    const { json } = await call(one, 'GET', '/v1/audit?after=0&limit=2', bearer(SEED));
    expect(json).toMatchObject({ entries: [{ seq: 1 }, { seq: 2 }], next: 2 });
    await installation.sql.run(
      "INSERT INTO audit SELECT seq, at, 'forger00', action, object, nonce, previous, hash FROM audit WHERE seq = 3",
    );
    const page = await one.store.auditEntries(2, 1);
    expect(page).toHaveLength(2);
    expect(firstBreak(await one.store.auditEntries(0, 10_000))).toMatchObject({ seq: 3 });
  });
});
