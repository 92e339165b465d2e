import type { Period } from '../../../../schemas/period.ts';
import type { FactMerger, MergeOutcome } from '../../../ports/fact-merger.ts';
import { factMonths, monthTable, tableIsGone } from '../client/month-tables.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { noteMerged } from './fact-totals.ts';

export function factMerger({ write, read }: Connections): FactMerger {
  return {
    factPeriods: () => factMonths(read),
    mergeFacts: (period) => mergeFacts({ write, read }, period),
  };
}

/** What is no count and has keys: facts and slots. */
const KINDS = ['facts', 'slots'] as const;

async function mergeFacts(connections: Connections, period: Period): Promise<MergeOutcome> {
  const outcomes: MergeOutcome[] = [];
  for (const kind of KINDS) {
    const outcome = await mergeTable(connections, monthTable(kind, period));
    if (outcome !== 'nothing-to-merge') await noteMerged(connections.write, kind, period);
    outcomes.push(outcome);
  }
  return outcomes.find((one) => one === 'still-read') ?? outcomes.find((one) => one === 'merged') ?? 'nothing-to-merge';
}

async function mergeTable({ write, read }: Connections, table: string): Promise<MergeOutcome> {
  try {
    const { current, outdated, unmerged } = await partsOf(read, table);
    if (current > 1 || unmerged > 0) await write.run(`OPTIMIZE TABLE ${table} FINAL`);
    else if (outdated === 0) return 'nothing-to-merge';
    // Dropping a partition that is not there makes the engine remove what was merged away now, not within its seconds.
    await write.run(`ALTER TABLE ${table} DROP PARTITION 0`);
    // What was inserted meanwhile is the next merge's.
    return (await partsOf(read, table)).outdated === 0 ? 'merged' : 'still-read';
  } catch (thrown) {
    if (tableIsGone(thrown)) return 'nothing-to-merge';
    throw thrown;
  }
}

interface Parts {
  readonly current: number;
  readonly outdated: number;
  /** Of the current ones those that no merge has made: one may hold several versions of a key. */
  readonly unmerged: number;
}

async function partsOf(client: SqlClient, table: string): Promise<Parts> {
  const [parts] = await client.rows<Parts>(PARTS, { table });
  return parts ?? { current: 0, outdated: 0, unmerged: 0 };
}

const PARTS = `
SELECT countIf(active) AS current, countIf(NOT active) AS outdated, countIf(active AND level = 0) AS unmerged
FROM system.parts
WHERE database = currentDatabase() AND table = {table:String}`;
