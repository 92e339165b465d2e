import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-embedded.ts';
import type { Clients } from '../services/adapters/clickhouse/client/sql-client.ts';
import { type Store, storeOver } from '../services/adapters/clickhouse/store.ts';
import { parsePeriod, periodNumber, periodStart } from '../services/core/period.ts';
import { type Cost, costOf, inTurn, median } from './compare.ts';
import { compared, loadOf, NO_CONTROL, printTable, type Row } from './report.ts';

// A snapshot in which every cell is counted anew, against the bare question; and what a merge of the month costs after
// one small insert. Keys are made up, so bytes a fact are not these: see log-to-facts.ts.
const PERIOD = parsePeriod('2026-11');
const ROUNDS = 3;
/** From so many facts on one round of merges must do. */
const MANY = 20e6;
/** After a merge the aggregator rests for so many times as long: services/aggregator/merger.ts. */
const REST = 24;

const FACTS = monthTable('facts', PERIOD);
const FILL = `
INSERT INTO ${FACTS}
SELECT ${periodNumber(PERIOD)}, 'model', '', 'phone', concat('Vendor ', toString(m % 40)), concat('Model ', toString(m)),
       bitShiftRight(rand64(number), 11), 1 + number % 9, bitShiftRight(rand64(number + 1), 11)
FROM (SELECT number, number % 400 AS m FROM numbers({facts:UInt64}))`;
const BARE = `
SELECT view, platform, category, vendor, model, countIf(count > 0) AS sites, sum(count) AS devices
FROM ${FACTS} FINAL GROUP BY view, platform, category, vendor, model`;

export async function benchSnapshots(sizes: readonly number[]): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const clients = await openEmbeddedClients(directory);
  const store = storeOver(clients);
  try {
    await store.server.migrate();
    const rows: Row[] = [];
    for (const facts of sizes) {
      rows.push(...(await ofFleet(facts, clients, store)));
      printTable(rows);
    }
    return rows;
  } finally {
    await store.server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ofFleet(facts: number, clients: Clients, store: Store): Promise<Row[]> {
  await store.counts.destroyFacts(PERIOD);
  for (const kind of ['slots', 'facts'] as const) await createMonthTable(clients.write, kind, PERIOD);
  await clients.write.run(FILL, { facts });
  await store.counts.mergeFacts(PERIOD);
  let at = periodStart(PERIOD);
  const peaks: number[] = [];
  const order = { period: PERIOD, threshold: 10, guard: 'exact', catalogue: 'bench' } as const;
  const result = await inTurn(
    ROUNDS,
    async () => {
      // Something new, or nothing is counted.
      await clients.write.run(FILL, { facts: 1 });
      at += 1_000;
      const before = residentMb('VmRSS');
      writeFileSync('/proc/self/clear_refs', '5');
      const cost = await costOf(process.pid, 1, () => store.counts.takeSnapshot({ ...order, takenAt: at }));
      peaks.push(residentMb('VmHWM') - before);
      return cost;
    },
    () => costOf(process.pid, 1, () => clients.read.rows(BARE)),
  );
  const size = `${facts / 1e6} M facts`;
  const costs = compared(result, 'snapshot');
  const ours = `${costs.ours}, ${median(peaks).toFixed(0)} MB more at its peak`;
  return [
    { n: 6, measure: `snapshot at ${size}`, ...costs, ours, reach: '1.2' },
    await merging(size, facts < MANY ? ROUNDS : 1, clients, store),
  ];
}

/** VmHWM is the most since it was set back. */
function residentMb(what: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
}

async function merging(size: string, rounds: number, clients: Clients, store: Store): Promise<Row> {
  const before = loadavg()[0] as number;
  const costs: Cost[] = [];
  for (let i = 0; i < rounds; i++) {
    await clients.write.run(FILL, { facts: 100 });
    costs.push(await costOf(process.pid, 1, () => store.counts.mergeFacts(PERIOD)));
  }
  const [cpuUs, wallUs] = [median(costs.map((cost) => cost.cpuUs)), median(costs.map((cost) => cost.wallUs))];
  const share = (100 * cpuUs) / (wallUs * (REST + 1));
  return {
    ...{ n: 12, measure: `merges at ${size}, one after another as often as they may be`, ...NO_CONTROL },
    ours: `${(cpuUs / 1_000).toFixed(0)} ms CPU each, ${share.toFixed(1)} % of a core`,
    reach: 'under 5 %',
    load: loadOf([before, loadavg()[0] as number]),
  };
}
