import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-client.ts';
import { storeOver } from '../services/adapters/clickhouse/store.ts';
import { openLmdbFactLog } from '../services/adapters/lmdb/lmdb-fact-log.ts';
import { insertBatch } from '../services/aggregator/insert-batch.ts';
import { periodAt } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import { breakApart } from '../services/ingest/break-apart.ts';
import { factLines } from '../services/ingest/fact-lines.ts';
import { identifyLines } from '../services/ingest/identify-lines.ts';
import { shuffled } from '../services/ingest/mixer.ts';
import { parseReport } from '../services/ingest/parse-report.ts';
import type { Block } from '../services/ports/block.ts';
import type { FactTable } from '../services/ports/fact-table.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { alternate, print } from './compare.ts';
import { sampleReports } from './sample-reports.ts';

// From the log to the facts table (read, scan, insert, commit), against inserting the same bytes into chDB directly.
const RUNS = 5;
const REPORTS = 6_400;
const REPORTS_PER_BLOCK = 64;
/** What one insert of the aggregator holds. */
const BURST_BYTES = 8 * 1024 * 1024;
const GROUP = 'bench';

export async function benchLogToFacts(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const clients = await openEmbeddedClients(join(directory, 'store'));
  const { server, counts: store } = storeOver(clients);
  const log = await openLmdbFactLog({ directory: join(directory, 'log'), maxBytes: 2 ** 32 });
  try {
    await server.migrate();
    const blocks = sampleBlocks();
    const period = (blocks[0] as Block).period;
    const facts = blocks.reduce((sum, block) => sum + block.facts, 0);
    const emptied =
      <T>(run: () => Promise<T>) =>
      async () => {
        await store.destroyFacts(period);
        await createMonthTable(clients.write, 'facts', period);
        return run();
      };
    const result = await alternate(
      RUNS,
      emptied(async () => {
        await Promise.all(blocks.map((block) => log.append(block)));
        return timed(facts, () => drainLog(log, store, blocks.length));
      }),
      emptied(() =>
        timed(facts, async () => {
          for (const burst of bursts(blocks)) await clients.write.insertLines(monthTable('facts', period), burst);
        }),
      ),
    );
    print(`log to facts, ${facts} facts in ${blocks.length} blocks, median of ${RUNS} runs`);
    print(
      `  rollcall ${(result.ours / 1000).toFixed(0)} k facts/s   chDB alone ${(result.control / 1000).toFixed(0)} k facts/s   ratio ${result.ratio.toFixed(2)}`,
    );
  } finally {
    await log.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function drainLog(
  log: Awaited<ReturnType<typeof openLmdbFactLog>>,
  store: FactTable,
  expected: number,
): Promise<void> {
  const stop = new AbortController();
  let seen = 0;
  await log.consume(
    GROUP,
    async (batch) => {
      await insertBatch(batch, { store, log, onDeadLetter: () => {} });
      seen += batch.length;
      if (seen >= expected) stop.abort();
    },
    { maxWaitMs: 1_000, minReports: 3_000, maxBytes: BURST_BYTES, signal: stop.signal },
  );
}

async function timed(facts: number, run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return facts / ((performance.now() - began) / 1000);
}

function bursts(blocks: readonly Block[]): Uint8Array[][] {
  const all: Uint8Array[][] = [];
  let bytes = 0;
  for (const block of blocks) {
    if (all.length === 0 || bytes + block.bytes.length > BURST_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(block.bytes);
    bytes += block.bytes.length;
  }
  return all;
}

function sampleBlocks(): Block[] {
  const period = periodAt(Date.now());
  const identifier = buildIdentifier(loadCatalog(), period);
  const reports = sampleReports(REPORTS).map(parseReport);
  const blocks: Block[] = [];
  for (let i = 0; i < reports.length; i += REPORTS_PER_BLOCK) {
    const lines = reports.slice(i, i + REPORTS_PER_BLOCK).map((report) => {
      const { models } = identifyLines(report.devices, identifier, 1_000);
      const platform = identifier.platform(report.platform.name, report.platform.version);
      const site = { token: report.token, period, sequence: report.sequence, platform, models, withdraw: false };
      return factLines(period, breakApart(site));
    });
    const { bytes, ends } = shuffled(lines);
    blocks.push({ period, facts: ends.length, reports: REPORTS_PER_BLOCK, bytes });
  }
  return blocks;
}
