import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-client.ts';
import { storeOver } from '../services/adapters/clickhouse/store.ts';
import { parsePeriod, periodNumber } from '../services/core/period.ts';
import { breakApart } from '../services/ingest/break-apart.ts';
import { factLines } from '../services/ingest/fact-lines.ts';
import { print } from './compare.ts';

// For how long one copy shows a report that came by itself: until its facts were merged with all others and what was
// merged away is gone. By the size of the fleet, because the merge rewrites the month: `node dist/bench/re-join-window.js`.
const PERIOD = parsePeriod('2026-11');
const FLEETS = [1_000, 10_000, 100_000];
const FACTS_A_SITE = 24;
const ROUNDS = 5;
/** See services/aggregator/merger.ts and aggregator.ts. */
const REST = 24;
const WAIT_SECONDS = 1;

const FILL = `
INSERT INTO ${monthTable('facts', PERIOD)}
SELECT ${periodNumber(PERIOD)}, 'model', '', 'phone', concat('Vendor ', toString(m % 40)), concat('Model ', toString(m)),
       bitShiftRight(rand64(number), 11), 1 + number % 9, 1, bitShiftRight(rand64(number + 1), 11)
FROM (SELECT number, number % 400 AS m FROM numbers({facts:UInt64}))`;

const phone = { view: 'model', category: 'phone', vendor: 'Yealink', count: 3 } as const;
const oneReport = (i: number) => {
  const models = Array.from({ length: 8 }, (_, n) => ({ ...phone, model: `T${n}` }));
  const token = `token-of-report-${String(i).padStart(8, '0')}`;
  const site = { token, period: PERIOD, sequence: 1, platform: 'FreePBX 17', models, withdraw: false };
  const lines = factLines(PERIOD, breakApart(site));
  return { period: PERIOD, facts: lines.length, reports: 1, bytes: Buffer.concat(lines) };
};

const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
const clients = await openEmbeddedClients(directory);
const { server, counts } = storeOver(clients);
try {
  await server.migrate();
  print(
    '| sites | facts | one merge, ms (median, longest) | one copy shows a report for at most, s | dropping the month, ms |',
  );
  print('|---|---|---|---|---|');
  for (const sites of FLEETS) {
    await createMonthTable(clients.write, 'facts', PERIOD);
    await clients.write.run(FILL, { facts: sites * FACTS_A_SITE });
    await counts.mergeFacts(PERIOD);
    const took: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      await counts.insertFacts([oneReport(i)]);
      took.push(await elapsed(() => counts.mergeFacts(PERIOD)));
    }
    took.sort((a, b) => a - b);
    const [median, longest] = [took[Math.floor(ROUNDS / 2)] as number, took.at(-1) as number];
    const seconds = WAIT_SECONDS + ((REST + 1) * longest) / 1_000;
    const dropMs = await elapsed(() => counts.destroyFacts(PERIOD));
    print(
      `| ${sites} | ${sites * FACTS_A_SITE} | ${median.toFixed(0)}, ${longest.toFixed(0)} | ${seconds.toFixed(0)} | ${dropMs.toFixed(0)} |`,
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
