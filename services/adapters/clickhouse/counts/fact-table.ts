import type { Period } from '../../../../schemas/period.ts';
import { periodNumber } from '../../../core/period.ts';
import type { Block } from '../../../ports/block.ts';
import type { FactKeys } from '../../../ports/fact-keys.ts';
import type { FactTable } from '../../../ports/fact-table.ts';
import { Failure } from '../../../shared/failure.ts';
import { Turns } from '../../../shared/turns.ts';
import { createMonthTable, dropMonthTables, factMonths, monthTable, tableIsGone } from '../client/month-tables.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { type ScannedBlock, scanBlock } from './scan-block.ts';

export function factTable({ write, read }: Connections): FactTable & FactKeys {
  return {
    insertFacts: (blocks) => insertFacts(write, blocks),
    factKeys: (period) => factKeys(read, period),
  };
}

async function factKeys(client: SqlClient, period: Period): Promise<number[]> {
  if (!(await factMonths(client)).includes(period)) return [];
  const rows = await client.rows<{ key: number }>(KEYS, { facts: monthTable('facts', period) });
  return rows.map(({ key }) => key);
}

const KEYS = 'SELECT DISTINCT key FROM {facts:Identifier}';

/**
 * Of the versions of a key that one insert holds, all are stored: whoever reads tells them apart anyway (FINAL, argMax),
 * and the next merge keeps the newest. One thread: an insert is small, and others wait for their share of the machine.
 */
const AS_THEY_COME = { optimize_on_insert: 0, max_threads: 1 } as const;

async function insertFacts(client: SqlClient, blocks: readonly Block[]): Promise<void> {
  const period = blocks[0]?.period;
  if (!period) return;
  const clean = await scannedBlocks(blocks, period);
  const slots = clean.map((block) => block.slots).filter(({ length }) => length > 0);
  const facts = clean.map((block) => block.facts).filter(({ length }) => length > 0);
  const insert = async () => {
    // Slots first: facts that are there say that the blocks were taken whole.
    if (slots.length > 0) await client.insertLines(monthTable('slots', period), slots, AS_THEY_COME);
    if (facts.length > 0) await client.insertLines(monthTable('facts', period), facts, AS_THEY_COME);
  };
  try {
    await insert();
  } catch (thrown) {
    if (!tableIsGone(thrown)) throw thrown;
    await openMonth(client, period);
    await insert();
  }
}

/** Throws `malformed-block`. Some megabytes are read byte by byte: whoever is served by the same process has turns in between. */
async function scannedBlocks(blocks: readonly Block[], period: Period): Promise<ScannedBlock[]> {
  const clean: ScannedBlock[] = [];
  const turns = new Turns();
  for (const [index, block] of blocks.entries()) {
    const scanned = block.period === period ? scanBlock(block) : undefined;
    if (!scanned) throw new Failure('malformed-block', { index });
    clean.push(scanned);
    await turns.letOthers();
  }
  return clean;
}

/**
 * The month's tables: made first, then it is looked whether the month's facts may be there at all. In this order no late
 * block can bring a destroyed month back: a table that was there when the look said "not verified" is dropped by the
 * close, which comes after, and an insert into it fails. Throws `period-closed`.
 */
async function openMonth(client: SqlClient, period: Period): Promise<void> {
  await createMonthTable(client, 'slots', period);
  await createMonthTable(client, 'facts', period);
  const [verified] = await client.rows<{ n: number }>(VERIFIED, { period: periodNumber(period) });
  if (!verified?.n) return;
  await dropMonthTables(client, period);
  throw new Failure('period-closed');
}

const VERIFIED = `
SELECT count() AS n FROM close_transitions WHERE period = {period:UInt32} AND step = 'VERIFIED'`;
