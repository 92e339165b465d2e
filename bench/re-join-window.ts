import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-embedded.ts';
import { storeOver } from '../services/adapters/clickhouse/store.ts';
import { parsePeriod, periodNumber } from '../services/core/period.ts';
import { BlockLines } from '../services/ingest/block-lines.ts';
import { addFacts } from '../services/ingest/break-apart.ts';
import { secretsOf } from '../services/ingest/site-secrets.ts';
import { median, print } from './compare.ts';

// For how long one copy shows a report that came by itself: until its facts were merged with all others and what was
// merged away is gone (wall clock), and for how long on a machine that does nothing else (CPU). By the size of the fleet, because the merge rewrites the month: `node dist/bench/re-join-window.js`.
const PERIOD = parsePeriod('2026-11');
const FLEETS = [1_000, 10_000, 100_000];
const FACTS_A_SITE = 24;
const ROUNDS = 5;
/** See services/aggregator/merger.ts and aggregator.ts. */
const REST = 24;
const WAIT_SECONDS = 1;
/** What is still read is looked at again after this long. */
const LOOK_SECONDS = 1;
/** The merge in hand does not hold the report; then comes its rest, and the report's own merge. */
const MERGES = REST + 2;

const FILL = `
INSERT INTO ${monthTable('facts', PERIOD)}
SELECT ${periodNumber(PERIOD)}, 'model', '', 'phone', concat('Vendor ', toString(m % 40)), concat('Model ', toString(m)),
       bitShiftRight(rand64(number), 11), 1 + number % 9, 1, bitShiftRight(rand64(number + 1), 11)
FROM (SELECT number, number % 400 AS m FROM numbers({facts:UInt64}))`;

const phone = { view: 'model', category: 'phone', vendor: 'Yealink', count: 3 } as const;
const oneReport = (i: number) => {
  const models = Array.from({ length: 8 }, (_, n) => ({ ...phone, model: `T${n}` }));
  const token = Buffer.from(`token-of-report-${String(i).padStart(8, '0')}`);
  const block = new BlockLines();
  const site = { sequence: 1, platform: 'FreePBX 17', models, withdraw: false };
  addFacts(site, secretsOf(token, PERIOD), block.facts);
  return { period: PERIOD, facts: block.length, reports: 1, bytes: block.write(PERIOD) };
};

const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
const clients = await openEmbeddedClients(directory);
const { server, counts } = storeOver(clients);
try {
  await server.migrate();
  print(
    '| sites | facts | one merge, ms (median; CPU) | a copy shows a report for at most, s | the same by CPU, s | dropping the month, ms |',
  );
  print('|---|---|---|---|---|---|');
  for (const sites of FLEETS) {
    await createMonthTable(clients.write, 'facts', PERIOD);
    await clients.write.run(FILL, { facts: sites * FACTS_A_SITE });
    await counts.mergeFacts(PERIOD);
    const took: number[] = [];
    const cpu: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      await counts.insertFacts([oneReport(i)]);
      const before = process.cpuUsage();
      took.push(await elapsed(() => counts.mergeFacts(PERIOD)));
      const { user, system } = process.cpuUsage(before);
      cpu.push((user + system) / 1_000);
    }
    const [wallMs, cpuMs] = [median(took), median(cpu)];
    // As test/property/re-join-one-copy.test.ts holds it: rounded up, for a bound does not shrink by being written down.
    const windowOf = (ms: number) => Math.ceil(WAIT_SECONDS + LOOK_SECONDS + (MERGES * ms) / 1_000);
    const dropMs = await elapsed(() => counts.destroyFacts(PERIOD));
    print(
      `| ${sites} | ${sites * FACTS_A_SITE} | ${wallMs.toFixed(0)}; ${cpuMs.toFixed(0)} | ${windowOf(wallMs)} | ${windowOf(cpuMs)} | ${dropMs.toFixed(0)} |`,
    );
  }
} finally {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
}

async function elapsed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}
