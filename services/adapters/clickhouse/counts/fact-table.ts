import type { Period } from '../../../../schemas/period.ts';
import { periodFromNumber } from '../../../core/period.ts';
import type { Block } from '../../../ports/block.ts';
import type { FactTable } from '../../../ports/fact-table.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Connections, SqlClient } from '../client/open-client.ts';
import { firstUncleanBlock } from './scan-block.ts';
import * as sql from './snapshot-sql.ts';

export function factTable({ write }: Connections): FactTable {
  return { insertFacts: (blocks) => insertFacts(write, blocks) };
}

async function insertFacts(client: SqlClient, blocks: readonly Block[]): Promise<void> {
  const period = blocks[0]?.period;
  if (!period) return;
  const unclean = firstUncleanBlock(blocks, period);
  if (unclean >= 0) throw new Failure('malformed-block', { index: unclean });
  await client.insertLines(
    'facts',
    blocks.map((block) => block.bytes),
  );
}

/** See FactPeriods. */
export async function factPeriods(client: SqlClient): Promise<Period[]> {
  const rows = await client.rows<{ period: number }>(sql.FACT_PERIODS);
  return rows.map((row) => periodFromNumber(row.period));
}
