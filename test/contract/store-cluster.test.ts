import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onCluster } from '../../services/adapters/clickhouse/client/on-cluster.ts';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { storeOver } from '../../services/adapters/clickhouse/store.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import type { SaidBySite } from '../support/site-oracle.ts';

// No cluster runs here: every statement that the product makes is recorded at work on one engine, rewritten for a
// cluster, and parsed by that engine. What a cluster does with them is said to be untested in docs/operations.md.

const PERIOD = parsePeriod('2026-11');
const recorded = new Set<string>();
const directory = mkdtempSync(join(tmpdir(), 'rollcall-cluster-sql-'));
let engine: SqlClient;
let close: () => Promise<void>;

const recording = (client: SqlClient): SqlClient => ({
  run(sql, parameters) {
    recorded.add(sql);
    return client.run(sql, parameters);
  },
  rows(sql, parameters) {
    recorded.add(sql);
    return client.rows(sql, parameters);
  },
  insertLines: (table, lines) => client.insertLines(table, lines),
  close: () => client.close(),
});

beforeAll(async () => {
  const clients = await openEmbeddedClients(directory);
  engine = clients.read;
  close = clients.close;
  await workOn(storeOver({ write: recording(clients.write), read: recording(clients.read), close: clients.close }));
});
afterAll(async () => {
  await close();
  rmSync(directory, { recursive: true, force: true });
});

/** A month from its first report to its end. */
async function workOn({ server, counts, releases }: ReturnType<typeof storeOver>): Promise<void> {
  await server.migrate();
  const wordOf = (site: number): SaidBySite => ({
    ...{ site, sequence: 1, platform: 'FreePBX 17', withdraw: false },
    models: [{ category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 2 }],
  });
  const words = Array.from({ length: 6 }, (_, site) => wordOf(site));
  for (const word of words) await counts.insertFacts([blockOf(PERIOD, linesOf(PERIOD, word))]);
  await counts.mergeFacts(PERIOD);
  const order = { period: PERIOD, threshold: 5, catalogue: '1', takenAt: Date.parse('2026-11-20T00:00:00Z') };
  for (const later of [0, 20 * 60_000]) {
    await counts.insertFacts([blockOf(PERIOD, linesOf(PERIOD, wordOf(100 + later)))]);
    await counts.takeSnapshot({ ...order, takenAt: order.takenAt + later, guard: 'exact' });
  }
  const frozen = await counts.freeze({ ...order, takenAt: order.takenAt + 86_400_000 });
  await counts.showFinal(order, frozen);
  await counts.keepOnly(PERIOD, frozen);
  await releases.ensureNoiseKey(PERIOD, { key: '0'.repeat(64), digest: '0'.repeat(64) });
  await releases.destroyNoiseKey(PERIOD);
  const cell = {
    query: 'vendor',
    platform: '',
    category: 'phone',
    vendor: 'Yealink',
    model: '',
    sites: 1,
    phones: null,
  };
  for (const attempt of [1, 2]) await releases.writeNoised(PERIOD, attempt, [{ ...cell, held: null } as never]);
  await releases.keepNoised(PERIOD, 2);
  await counts.destroyFacts(PERIOD);
}

/** As the engine reads it and writes it again. Throws what the engine cannot read. */
async function parsed(sql: string): Promise<string> {
  const [row] = await engine.rows<{ q: string }>('SELECT formatQuerySingleLine({sql:String}) AS q', { sql });
  return row?.q ?? '';
}

describe('on a cluster', () => {
  test('the engine reads every statement that a month makes', async () => {
    expect(recorded.size).toBeGreaterThan(60);
    for (const sql of recorded) expect(await parsed(onCluster(sql, 'main-1')), sql).not.toBe('');
    await expect(parsed('CREATE TABLE a ON CLUSTER (b')).rejects.toThrow();
  });

  test('whatever makes, changes or drops a table or database does so on every replica, and no table is unreplicated', async () => {
    const ddl = [...recorded].filter((sql) => /^(\s|--.*\n)*(CREATE|ALTER|DROP|TRUNCATE|OPTIMIZE|RENAME)\b/.test(sql));
    const verbs = new Set<string>();
    for (const sql of ddl) {
      const text = await parsed(onCluster(sql, 'main-1'));
      verbs.add(text.split(' ')[0] as string);
      expect(text).toMatch(/^\w+ (TABLE|DATABASE) (IF (NOT )?EXISTS )?\S+ ON CLUSTER `main-1`/);
      if (text.startsWith('CREATE TABLE')) expect(text).toMatch(/ENGINE = Replicated(Replacing)?MergeTree/);
      expect(text).not.toContain('non_replicated');
    }
    expect([...verbs].sort()).toEqual(['ALTER', 'CREATE', 'DROP', 'OPTIMIZE', 'TRUNCATE']);
    expect(await parsed(onCluster('CREATE DATABASE IF NOT EXISTS {database:Identifier}', 'c'))).toContain(
      'ON CLUSTER c',
    );
  });

  test('the keeper is left no digest of facts, and whether anything of a month is left is asked of every replica', async () => {
    const months = [...recorded].filter((sql) => sql.includes('{table:Identifier}') && sql.includes('CREATE TABLE'));
    expect(months.length).toBeGreaterThan(2);
    for (const sql of months)
      expect(await parsed(onCluster(sql, 'c'))).toContain('SETTINGS replicated_deduplication_window = 0,');
    const left = [...recorded].find((sql) => sql.includes('AS left')) as string;
    expect((await parsed(onCluster(left, 'c'))).match(/clusterAllReplicas\(c, system\.\w+\)/g)).toEqual(
      ['tables', 'parts', 'detached_parts', 'dropped_tables_parts'].map(
        (name) => `clusterAllReplicas(c, system.${name})`,
      ),
    );
  });

  test('what reads or inserts rows stays as it is', () => {
    for (const sql of recorded)
      if (/^\s*(SELECT|INSERT)\b/.test(sql) && !sql.includes('AS left')) expect(onCluster(sql, 'c')).toBe(sql);
  });

  test('the setting is a name, and not for the embedded store', () => {
    const url = { ROLLCALL_STORE_URL: 'http://store:8123/rollcall' };
    expect(loadConfig({ ...url, ROLLCALL_STORE_CLUSTER: 'main-1' }).store).toMatchObject({ cluster: 'main-1' });
    expect(() => loadConfig({ ROLLCALL_STORE_CLUSTER: 'main' })).toThrow(/ROLLCALL_STORE_CLUSTER/);
    expect(() => loadConfig({ ...url, ROLLCALL_STORE_CLUSTER: 'a` b' })).toThrow(/ROLLCALL_STORE_CLUSTER/);
  });
});
