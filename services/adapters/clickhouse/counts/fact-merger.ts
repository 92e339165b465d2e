import type { Period } from '../../../../schemas/period.ts';
import type { FactMerger } from '../../../ports/fact-merger.ts';
import { monthsOf, monthTable, tableIsGone } from '../client/month-tables.ts';
import type { Connections, SqlClient } from '../client/open-client.ts';

export function factMerger({ write, read }: Connections): FactMerger {
  return {
    factPeriods: () => monthsOf(read, 'facts'),
    mergeFacts: (period) => mergeFacts(write, period),
  };
}

async function mergeFacts(client: SqlClient, period: Period): Promise<boolean> {
  const table = monthTable('facts', period);
  try {
    const { active, inactive } = await partsOf(client, table);
    if (active > 1) await client.run(`OPTIMIZE TABLE ${table} FINAL`);
    else if (inactive === 0) return true;
    // Dropping a partition that is not there makes the engine remove what was merged away now, not within its seconds.
    await client.run(`ALTER TABLE ${table} DROP PARTITION 0`);
    const after = await partsOf(client, table);
    return after.active <= 1 && after.inactive === 0;
  } catch (thrown) {
    if (tableIsGone(thrown)) return true;
    throw thrown;
  }
}

interface Parts {
  readonly active: number;
  readonly inactive: number;
}

async function partsOf(client: SqlClient, table: string): Promise<Parts> {
  const [parts] = await client.rows<Parts>(PARTS, { table });
  return parts ?? { active: 0, inactive: 0 };
}

const PARTS = `
SELECT countIf(active) AS active, countIf(NOT active) AS inactive
FROM system.parts
WHERE database = currentDatabase() AND table = {table:String}`;
