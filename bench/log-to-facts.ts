import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-embedded.ts';
import type { Clients } from '../services/adapters/clickhouse/client/sql-client.ts';
import { type ScannedBlock, scanBlock } from '../services/adapters/clickhouse/counts/scan-block.ts';
import { type Store, storeOver } from '../services/adapters/clickhouse/store.ts';
import type { FactLog } from '../services/adapters/fact-log.ts';
import { openLmdbFactLog } from '../services/adapters/lmdb/lmdb-fact-log.ts';
import { insertBatch } from '../services/aggregator/insert-batch.ts';
import { FIRST_CAP } from '../services/core/caps.ts';
import { periodAt } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import { ingestOne } from '../services/ingest/ingest-one.ts';
import { Mixer } from '../services/ingest/mixer.ts';
import type { Block } from '../services/ports/block.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { sealedNames, TICKETS } from '../test/support/month-keys.ts';
import { costOf, inTurn } from './compare.ts';
import { compared, NO_CONTROL, type Row } from './report.ts';
import { sampleReports } from './sample-reports.ts';

// From the log to the tables of facts and slots (read, scan, insert, commit), against inserting the same bytes into chDB
// directly, in as large inserts. Then what a line takes on the disk when all are merged.
const ROUNDS = 5;
const REPORTS = 6_400;
const REPORTS_PER_BLOCK = 64;
/** What one insert of the aggregator holds. */
const BURST_BYTES = 8 * 1024 * 1024;
const GROUP = 'bench';
/** See services/adapters/clickhouse/counts/fact-table.ts. */
const AS_OURS = { optimize_on_insert: 0, max_threads: 1 } as const;

interface Bench {
  readonly clients: Clients;
  readonly store: Store;
  readonly log: FactLog;
  readonly blocks: readonly Block[];
}

export async function benchLogToFacts(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const clients = await openEmbeddedClients(join(directory, 'store'));
  const store = storeOver(clients);
  const log = await openLmdbFactLog({ directory: join(directory, 'log'), maxBytes: 2 ** 32 });
  try {
    await store.server.migrate();
    const bench = { clients, store, log, blocks: await sampleBlocks() };
    const rows = [await drained(bench, {}, 'its defaults'), await drained(bench, AS_OURS, 'our settings')];
    return [...rows, await bytesOfLine(bench)];
  } finally {
    await log.close();
    await store.server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function drained(
  { clients, store, log, blocks }: Bench,
  settings: Readonly<Record<string, number>>,
  named: string,
): Promise<Row> {
  const { period } = blocks[0] as Block;
  const lines = blocks.reduce((sum, block) => sum + block.facts, 0);
  const scanned = blocks.map(scanBlock) as ScannedBlock[];
  const emptied = async () => {
    await store.counts.destroyFacts(period);
    for (const kind of ['slots', 'facts'] as const) await createMonthTable(clients.write, kind, period);
  };
  const result = await inTurn(
    ROUNDS,
    async () => {
      await emptied();
      await Promise.all(blocks.map((block) => log.append(block)));
      return costOf(process.pid, lines, () => drainLog(log, store, blocks.length));
    },
    async () => {
      await emptied();
      return costOf(process.pid, lines, async () => {
        for (const kind of ['slots', 'facts'] as const)
          for (const burst of bursts(scanned.map((block) => block[kind])))
            await clients.write.insertLines(monthTable(kind, period), burst, { ...settings });
      });
    },
  );
  return {
    n: 4,
    measure: `log to facts, embedded; the engine with ${named}`,
    ...compared(result, 'line', true),
    reach: '0.90',
  };
}

/** What is there of the last round, merged. */
async function bytesOfLine({ clients, store, blocks }: Bench): Promise<Row> {
  const { period } = blocks[0] as Block;
  await store.counts.mergeFacts(period);
  const [facts, slots] = [monthTable('facts', period), monthTable('slots', period)];
  const bytes = async (table: string) => {
    const [row] = await clients.read.rows<{ n: number }>(BYTES, { table });
    return (row?.n ?? Number.NaN).toFixed(1);
  };
  const ours = `${await bytes(facts)} a fact, ${await bytes(slots)} a slot; ${inTheLog(blocks)}`;
  return { n: 9, measure: 'bytes on the disk, merged', ours, ...NO_CONTROL, reach: '14 a fact', load: '–' };
}

function inTheLog(blocks: readonly Block[]): string {
  const sum = (of: (block: Block) => number) => blocks.reduce((total, block) => total + of(block), 0);
  const a = (n: number, digits: number) => (n / sum((block) => block.reports)).toFixed(digits);
  const ofFacts = sum((block) => linesIn(scanBlock(block)?.facts ?? new Uint8Array()));
  const ofAll = sum((block) => block.facts);
  const bytes = sum((block) => block.bytes.length);
  return `in the log ${a(bytes, 0)} bytes, ${a(ofFacts, 1)} facts and ${a(ofAll - ofFacts, 1)} slots a report`;
}

function linesIn(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + (byte === 0x0a ? 1 : 0), 0);
}

const BYTES = `
SELECT sum(bytes_on_disk) / sum(rows) AS n FROM system.parts
WHERE database = currentDatabase() AND table = {table:String} AND active`;

/** Reads, scans, inserts and commits so many blocks, as the aggregator does. */
export async function drainLog(log: FactLog, { counts }: Store, expected: number, group = GROUP): Promise<void> {
  const stop = new AbortController();
  let seen = 0;
  await log.consume(
    group,
    async (batch) => {
      await insertBatch(batch, { store: counts, log, onDeadLetter: () => {} });
      seen += batch.length;
      if (seen >= expected) stop.abort();
    },
    { maxWaitMs: 1_000, minReports: 3_000, maxBytes: BURST_BYTES, signal: stop.signal },
  );
}

function bursts(blocks: readonly Uint8Array[]): Uint8Array[][] {
  const all: Uint8Array[][] = [];
  let bytes = 0;
  for (const block of blocks) {
    if (all.length === 0 || bytes + block.length > BURST_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(block);
    bytes += block.length;
  }
  return all;
}

/** What ingest appends for the reports of some sites. */
export async function sampleBlocks(): Promise<Block[]> {
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
