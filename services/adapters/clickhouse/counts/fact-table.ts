import type { Period } from '../../../../schemas/period.ts';
import { periodFromNumber } from '../../../core/period.ts';
import type { Block } from '../../../ports/block.ts';
import type { FactTable } from '../../../ports/fact-table.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Connections, SqlClient } from '../client/open-client.ts';
import { type ScannedBlock, scanBlock } from './scan-block.ts';
import { insertSlots, slotPeriods } from './slot-table.ts';
import * as sql from './snapshot-sql.ts';

export function factTable({ write }: Connections): FactTable {
  return { insertFacts: (blocks) => insertFacts(write, blocks) };
}

async function insertFacts(client: SqlClient, blocks: readonly Block[]): Promise<void> {
  const period = blocks[0]?.period;
  if (!period) return;
  const scanned = blocks.map((block) => (block.period === period ? scanBlock(block) : undefined));
  const unclean = scanned.indexOf(undefined);
  if (unclean >= 0) throw new Failure('malformed-block', { index: unclean });
  const clean = scanned as ScannedBlock[];
  const slots = clean.map((block) => block.slots).filter(({ length }) => length > 0);
  const facts = clean.map((block) => block.facts).filter(({ length }) => length > 0);
  // Slots first: facts that are there say that the blocks were taken whole.
  if (slots.length > 0) await insertSlots(client, period, slots);
  if (facts.length > 0) await client.insertLines('facts', facts);
}

/** See FactPeriods. */
export async function factPeriods(client: SqlClient): Promise<Period[]> {
  const rows = await client.rows<{ period: number }>(sql.FACT_PERIODS);
  const periods = [...rows.map((row) => periodFromNumber(row.period)), ...(await slotPeriods(client))];
  return [...new Set(periods)].sort();
}
