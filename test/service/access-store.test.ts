import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ClickHouseAccess,
  clickhouseAccess,
} from '../../services/adapters/clickhouse/access/clickhouse-access.ts';
import { migrate } from '../../services/adapters/clickhouse/client/migrations.ts';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import type { Clients, SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { BEFORE_FIRST, entryAfter, type Link } from '../../services/api/keys/audit-chain.ts';
import type { NewKey } from '../../services/ports/key-store.ts';
import { packageRoot } from '../../services/shared/package-root.ts';
import { type ClickHouseHttp, startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';

// The port's promises, one test each, on the engine in the process and over HTTP.
describe.each(['chdb', 'http'] as const)('the access store (%s)', (kind) => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-access-'));
  const NOW = Date.now();
  let server: ClickHouseHttp | undefined;
  let store: ClickHouseAccess;
  /** Another process. */
  let other: ClickHouseAccess;
  let sql: SqlClient;
  let clients: Clients[] = [];

  beforeAll(async () => {
    if (kind === 'http') server = await startClickHouseHttp();
    const open = () => (server ? openServerClients(`${server.url}/access`) : openEmbeddedClients(directory));
    clients = [await open(), await open()];
    const [one, two] = clients as [Clients, Clients];
    await migrate(one.write, join(packageRoot(), 'schemas', 'clickhouse'));
    sql = one.read;
    store = clickhouseAccess(one);
    other = clickhouseAccess(two);
  });
  afterAll(async () => {
    for (const one of clients) await one.close();
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const keyOf = (id: string, more: Partial<NewKey> = {}): NewKey => ({
    id,
    digest: 'd'.repeat(64),
    owner: 'owner',
    scopes: ['reader'],
    createdAt: NOW,
    createdBy: 'admin',
    expiresAt: null,
    ...more,
  });
  const find = async (id: string, where = other) => (await where.keys()).find((key) => key.id === id);
  const act = { actor: 'admin', action: 'key.created', object: 'aaaaaaaa' };

  test('gives back a key as it was given, on another process at once', async () => {
    const odd = `Zoë 'O\\' "Hara" {id:String} -- ; DROP TABLE access_keys \n\t$\``;
    const key = keyOf('aaaaaaa2', {
      owner: odd,
      scopes: ['reader', 'manufacturer:AT&T (Poly), [Inc.]'],
      expiresAt: NOW + 1,
    });
    await store.addKey(key);
    expect(await find('aaaaaaa2')).toEqual({ ...key, revokedAt: null, lastUsedDay: null });
  });

  test('lists keys in the order they were created', async () => {
    await store.addKey(keyOf('zzzzzzz2', { createdAt: NOW - 20 }));
    await other.addKey(keyOf('bbbbbbb2', { createdAt: NOW - 10 }));
    const ids = (await store.keys()).map(({ id }) => id);
    expect(ids.indexOf('zzzzzzz2')).toBeLessThan(ids.indexOf('bbbbbbb2'));
    expect(ids.indexOf('bbbbbbb2')).toBeLessThan(ids.indexOf('aaaaaaa2'));
  });

  test('of several revocations the first counts', async () => {
    await store.addKey(keyOf('ccccccc2'));
    await store.revokeKey('ccccccc2', NOW + 5, 'admin');
    await other.revokeKey('ccccccc2', NOW + 9, 'admin');
    expect(await find('ccccccc2')).toMatchObject({ revokedAt: NOW + 5 });
  });

  test('what is revoked and was never created is no key', async () => {
    await store.revokeKey('ddddddd2', NOW, 'admin');
    expect(await find('ddddddd2')).toBeUndefined();
  });

  test('a day of use is one row, whoever tells of it and how often', async () => {
    await store.addKey(keyOf('eeeeeee2'));
    const days = ['2026-11-22', '2026-11-23'];
    for (const day of days) await Promise.all([store, other, store, other].map((one) => one.noteUse('eeeeeee2', day)));
    expect(await find('eeeeeee2')).toMatchObject({ lastUsedDay: '2026-11-23' });
    const rows = await sql.rows("SELECT day FROM access_keys WHERE id = 'eeeeeee2' AND event = 'used' ORDER BY day");
    expect(rows).toEqual(days.map((day) => ({ day })));
  });

  test('a session is seen last when it was last told so, until it is ended', async () => {
    const session = { id: 'f'.repeat(64), key: 'aaaaaaa2', fingerprint: '0123', person: null, createdAt: NOW };
    const find = async () => (await other.sessions(NOW - 1)).find(({ id }) => id === session.id);
    await store.addSession(session);
    expect(await find()).toEqual({ ...session, seenAt: NOW });
    await store.noteSeen(session.id, NOW + 7);
    expect(await find()).toEqual({ ...session, seenAt: NOW + 7 });
    expect(await store.sessions(NOW)).toEqual([]);
    await other.endSession(session.id, NOW + 8);
    expect(await find()).toBeUndefined();
  });

  test('a place in the audit is given once, and the other is told', async () => {
    let head: Link = BEFORE_FIRST;
    for (let place = 1; place <= 12; place++) {
      const rivals = [store, other, store, other].map((one, i) => ({
        one,
        entry: entryAfter(head, act, NOW, `n${i}`),
      }));
      const taken = await Promise.all(rivals.map(({ one, entry }) => one.appendAudit(entry)));
      expect(taken.filter(Boolean), `place ${place}`).toHaveLength(1);
      head = (await other.auditHead()) as Link;
      expect(head).toEqual(rivals[taken.indexOf(true)]?.entry);
    }
    expect(await store.auditEntries(0, 100)).toHaveLength(12);
    expect((await store.auditEntries(3, 2)).map(({ seq }) => seq)).toEqual([4, 5]);
    expect(await store.auditEntries(12, 5)).toEqual([]);
  });

  test('a fork that was forged comes out together, and the place it is at takes nothing more', async () => {
    await sql.run(
      "INSERT INTO audit SELECT seq, at, 'forger', action, object, nonce, previous, 'x' FROM audit WHERE seq = 12",
    );
    expect((await store.auditEntries(11, 1)).map(({ seq }) => seq)).toEqual([12, 12]);
    const entry = entryAfter({ seq: 11, hash: 'x' }, act, NOW, 'again');
    await expect(other.appendAudit(entry)).rejects.toMatchObject({ code: 'audit-forked', retryable: false });
  });

  test('a pin is one however often it is told, and gone when it is taken back; those of a key go together', async () => {
    const pin = { id: 'a'.repeat(16), address: '/makers/AT%26T%20%27%22%5C', at: NOW, keptUntil: NOW + 86_400_000 };
    await store.addPins('aaaaaaa2', [pin]);
    await other.addPins('aaaaaaa2', [{ ...pin, at: NOW + 5, keptUntil: NOW + 5 }]);
    await store.addPins('aaaaaaa2', [{ ...pin, id: 'b'.repeat(16), at: NOW + 1 }]);
    await store.addPins('bbbbbbb2', [pin]);
    expect(await other.pins('aaaaaaa2')).toEqual([pin, { ...pin, id: 'b'.repeat(16), at: NOW + 1 }]);
    await other.deletePin('aaaaaaa2', pin.id);
    expect((await store.pins('aaaaaaa2')).map(({ id }) => id)).toEqual(['b'.repeat(16)]);
    await store.addPins('aaaaaaa2', [{ ...pin, at: NOW + 9 }]);
    expect(await other.pins('aaaaaaa2')).toHaveLength(2);
    await other.deletePinsOf('aaaaaaa2');
    expect([await store.pins('aaaaaaa2'), await store.pins('bbbbbbb2')]).toEqual([[], [pin]]);
    expect(await sql.rows("SELECT count() AS n FROM pins WHERE key = 'aaaaaaa2'")).toEqual([{ n: 0 }]);
  });

  test('a pin that has ended is deleted by the store itself; one that was kept longer stays', async () => {
    const pin = (id: string, keptUntil: number) => ({ id: id.repeat(16), address: '/movers', at: NOW - 9, keptUntil });
    await store.addPins('ccccccc2', [pin('c', NOW - 86_400_000), pin('d', NOW - 86_400_000)]);
    await store.addPins('ccccccc2', [pin('d', NOW + 86_400_000)]);
    // The engine does so by itself within hours; here it is told to.
    await sql.run('OPTIMIZE TABLE pins FINAL');
    expect(await other.pins('ccccccc2')).toEqual([pin('d', NOW + 86_400_000)]);
    expect(await sql.rows("SELECT count() AS n FROM pins WHERE key = 'ccccccc2'")).toEqual([{ n: 1 }]);
  });

  test('a link to a view is found by its whole digest, and is what it was made, opened and revoked', async () => {
    const digest = 'c'.repeat(64);
    const made = {
      ...{ id: digest.slice(0, 16), digest, key: 'aaaaaaa2', fingerprint: '0123', address: '/explore?view=vendor' },
      ...{ createdAt: NOW, expiresAt: NOW + 86_400_000 },
    };
    await store.addViewLink(made);
    expect(await other.viewLink(digest)).toEqual({ ...made, revokedAt: null, lastOpenedDay: null });
    expect(await other.viewLink(`${digest.slice(0, 63)}d`)).toBeUndefined();
    for (const one of [store, other, store]) await one.noteOpened(made, '2026-11-23');
    await other.noteOpened(made, '2026-11-24');
    await store.revokeViewLink(made, NOW + 5);
    await other.revokeViewLink(made, NOW + 9);
    expect(await store.viewLinks()).toEqual([{ ...made, revokedAt: NOW + 5, lastOpenedDay: '2026-11-24' }]);
    expect(await sql.rows("SELECT count() AS n FROM view_links WHERE event = 'opened'")).toEqual([{ n: 2 }]);
    expect(await sql.rows('SELECT DISTINCT expires_at FROM view_links')).toEqual([{ expires_at: made.expiresAt }]);
  });

  test('takes no word for a token that is not one', async () => {
    await expect(store.noteUse("x' , max_threads = 1 --", '2026-11-23')).rejects.toThrow(RangeError);
  });
});
