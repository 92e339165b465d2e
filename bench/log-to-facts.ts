import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-client.ts';
import { storeOver } from '../services/adapters/clickhouse/store.ts';
import { openLmdbFactLog } from '../services/adapters/lmdb/lmdb-fact-log.ts';
import { insertBatch } from '../services/aggregator/insert-batch.ts';
import { FIRST_CAP } from '../services/core/caps.ts';
import { periodAt } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import { ingestOne } from '../services/ingest/ingest-one.ts';
import { Mixer } from '../services/ingest/mixer.ts';
import type { Block } from '../services/ports/block.ts';
import type { FactTable } from '../services/ports/fact-table.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { sealedNames, TICKETS } from '../test/support/month-keys.ts';
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
    const blocks = await sampleBlocks();
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

/** What ingest appends for the reports of some sites. */
async function sampleBlocks(): Promise<Block[]> {
  const period = periodAt(Date.now());
  const identifier = buildIdentifier(loadCatalog(), period);
  const blocks: Block[] = [];
  const log = { append: async (block: Block) => void blocks.push(block) };
  const mixer = new Mixer(log, { flushMs: 60_000, maxReports: REPORTS_PER_BLOCK, maxPending: REPORTS });
  const ofPeriod = { openPeriods: () => [period], identifierOf: () => identifier, capOf: () => FIRST_CAP };
  const deps = { ...ofPeriod, mixer, tickets: TICKETS, mostDevices: 1_000, sealOf: sealedNames };
  await Promise.all(sampleReports(REPORTS).map((report) => ingestOne(report, deps)));
  return blocks;
}
