import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addMonths, type Period, parsePeriod, periodNumber, periodStart } from '../schemas/period.ts';
import { ClickHouseCountStore } from '../services/adapters/count-store/clickhouse-count-store.ts';
import { openClients, type SqlClient } from '../services/adapters/count-store/open-client.ts';
import { ClickHouseReleaseStore } from '../services/adapters/release-store/clickhouse-release-store.ts';
import type { Access } from '../services/api/access.ts';
import { countRoutes } from '../services/api/routes.ts';
import { serveRoutes } from '../services/api/serve-routes.ts';
import { SetClock } from '../services/shared/clock.ts';
import { buildHttp } from '../services/shared/http.ts';
import { packageRoot } from '../services/shared/package-root.ts';
import { print } from './compare.ts';

// Questions are answered from the cube: what they cost must not grow with the facts. One store is asked with few facts,
// with many, and with none left but the same counts: a difference between the last two is not the facts' doing.
const PERIODS = 12;
const LAST = parsePeriod('2026-11');
const MODELS = 400;
const ROUNDS = 3;
const ASKED = Number(process.argv[4] ?? 35);
const WARMING = 5;
const HOUR_MS = 3_600_000;

const URLS = [
  '/v1/periods',
  '/v1/counts?view=model&category=phone&limit=50',
  '/v1/counts?view=vendor&q=1',
  '/v1/trend?category=phone&vendor=Vendor%201&model=Model%201',
  '/v1/movers?category=phone',
  '/v1/install-base',
  '/v1/vendors/Vendor%201?category=phone',
  '/v1/platforms',
  '/v1/compare?cell=phone:Vendor%201:Model%201&cell=phone:Vendor%202:Model%202',
  '/v1/search?q=model%2012',
] as const;

/** Facts of one period, as many as asked for, spread over the models by a steep curve. */
const FILL = `
INSERT INTO facts
SELECT {period:UInt32}, 'model', '', 'phone', concat('Vendor ', toString(m % 40)), concat('Model ', toString(m)),
       number, 1 + number % 9, 1, 1
FROM (SELECT number, toUInt32(pow(rand(number) / 4294967296., 2) * {models:UInt32}) AS m FROM numbers({from:UInt64}, {facts:UInt64}))`;

/** The coarser views: what few facts hold of them is enough for every question to have an answer. */
const FILL_COARSE = `
INSERT INTO facts
SELECT {period:UInt32}, v.1, v.2, v.3, v.4, '', number, 1, 1, 1
FROM (SELECT number, arrayJoin([
    ('site', '', '', ''), ('platform', concat('Platform ', toString(number % 5)), '', ''), ('category', '', 'phone', ''),
    ('vendor', '', 'phone', concat('Vendor ', toString(number % 40))),
    ('platform_vendor', concat('Platform ', toString(number % 5)), '', concat('Vendor ', toString(number % 40)))
]) AS v FROM numbers(2000))`;

export async function benchQueryCost(few: number, many: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const clients = await openClients(`chdb:${join(directory, 'store')}`);
  const store = new ClickHouseCountStore(clients, join(packageRoot(), 'schemas', 'clickhouse'));
  const app = serve(store, new ClickHouseReleaseStore(clients));
  try {
    await store.migrate();
    const before = await fill(clients.write, store, 0, few);
    const small = await measure(app);
    print(`asked with ${before} facts`);
    const after = await fill(clients.write, store, few, many - few);
    const large = await measure(app);
    print(`asked with ${after} facts`);
    // The same facts dropped again: what is left of a difference is the machine's, not the facts'.
    for (const period of periods()) await store.destroyFacts(period);
    const none = await measure(app);
    print(`p99 in ms of ${ROUNDS * ASKED} requests each, ${PERIODS} months; ${before} and ${after} facts, then none`);
    for (const url of URLS) {
      const [a, b, c] = [small, large, none].map((times) => p99(times.get(url) ?? [])) as [number, number, number];
      print(
        `  ${url.padEnd(82)} ${a.toFixed(1).padStart(7)} ${b.toFixed(1).padStart(7)} ${c.toFixed(1).padStart(7)}   ratio ${(b / a).toFixed(2)}`,
      );
    }
  } finally {
    await app.close();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function periods(): Period[] {
  return Array.from({ length: PERIODS }, (_, i) => addMonths(LAST, i + 1 - PERIODS));
}

function serve(store: ClickHouseCountStore, releases: ClickHouseReleaseStore): FastifyInstance {
  const quiet = () => {};
  const app = buildHttp({
    log: { info: quiet, warn: quiet, error: quiet },
    maxWireBytes: 1024,
    maxInflatedBytes: 1024,
  });
  const anybody: Access = {
    authenticate: async () => ({ keyId: 'bench', scopes: ['reader'], manufacturer: undefined }),
  };
  const clock = new SetClock(periodStart(addMonths(LAST, 1)) - 1);
  serveRoutes(app, countRoutes({ store, releases, clock, threshold: 10 }), anybody);
  return app;
}

/** Adds the facts, an equal share to each month, merges them and counts every month anew. */
async function fill(sql: SqlClient, store: ClickHouseCountStore, from: number, facts: number): Promise<number> {
  const share = Math.round(facts / PERIODS);
  for (const period of periods()) {
    if (from === 0) await sql.run(FILL_COARSE, { period: periodNumber(period) });
    await sql.run(FILL, {
      period: periodNumber(period),
      models: MODELS,
      from: Math.round(from / PERIODS),
      facts: share,
    });
  }
  await store.compactFacts();
  // Late enough for the snapshot before to be dropped.
  const takenAt = periodStart(LAST) + (from === 0 ? 0 : HOUR_MS);
  for (const period of periods())
    await store.takeSnapshot({ period, threshold: 10, guard: 'exact', catalogue: 'bench', takenAt });
  const [row] = await sql.rows<{ n: number }>('SELECT count() AS n FROM facts');
  return row?.n ?? 0;
}

async function measure(app: FastifyInstance): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(URLS.map((url) => [url, []]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const url of URLS)
      for (let i = 0; i < (round === 0 ? WARMING : ASKED); i++) {
        const began = performance.now();
        const { statusCode } = await app.inject({ method: 'GET', url });
        if (statusCode !== 200) throw new Error(`${url} was answered ${statusCode}`);
        // The first round warms up.
        if (round > 0) times.get(url)?.push(performance.now() - began);
      }
  return times;
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;
}

// Run by itself: it fills a disk. `node dist/bench/query-cost.js 1000000 50000000`
if (process.argv[1]?.endsWith('query-cost.js'))
  await benchQueryCost(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 50_000_000));
