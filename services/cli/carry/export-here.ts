import type { Period } from '../../../schemas/period.ts';
import type { Store } from '../../adapters/clickhouse/store.ts';
import { AGGREGATOR_GROUP } from '../../aggregator/aggregator.ts';
import { aggregate, drained } from '../../compose/aggregator.ts';
import { type Environment, sharedIn } from '../../compose/environment.ts';
import { type Parts, partsIn } from '../../compose/parts.ts';
import { Failure } from '../../shared/failure.ts';
import { packageVersion } from '../../shared/package-root.ts';
import { Resources } from '../../shared/resources.ts';
import { type Piece, written } from './carry-stream.ts';

/** Writes the store of this environment as a stream; resolves to what its operator should know, a line each. */
export async function exportHere(
  environment: Environment,
  openFacts: boolean,
  write: (text: string) => Promise<void>,
): Promise<string[]> {
  const resources = new Resources();
  try {
    const parts = partsIn(environment, resources);
    const store = await parts.store();
    const open = await openMonths(store);
    if (openFacts) await emptyLog(environment, parts, store);
    const { migration } = await store.examiner.examine();
    const header = { rollcall: 'export/1', version: packageVersion(), migration } as const;
    for await (const text of written(header, piecesOf(store, openFacts ? open : []))) await write(text);
    return open.map((period) => told(period, openFacts));
  } finally {
    await resources.close();
  }
}

function told(period: Period, openFacts: boolean): string {
  return openFacts
    ? `The facts of ${period} went along: once they are imported, remove this data directory.`
    : `The facts of ${period} stay here: until it is closed, its counts are this installation's. See docs/operations.md.`;
}

/** Months that have facts. Throws `month-closing` for one whose close has begun: half of it would be carried. */
async function openMonths({ counts, releases }: Store): Promise<Period[]> {
  const steps = await releases.transitions();
  const released = new Set(steps.filter(({ step }) => step === 'RELEASED').map(({ period }) => period));
  const closing = steps.find(({ period }) => !released.has(period));
  if (closing) throw new Failure('month-closing', { period: closing.period });
  return (await counts.factPeriods()).filter((period) => !released.has(period));
}

/** What waits in the log belongs to the facts. Embedded, nobody else can empty it. */
async function emptyLog(environment: Environment, parts: Parts, store: Store): Promise<void> {
  const log = await parts.log();
  if (environment.config.log.kind === 'lmdb') {
    const aggregator = aggregate({ ...sharedIn(environment), ...store, log });
    await aggregator.run();
    await drained(log);
    return aggregator.close();
  }
  const periods = await log.periods();
  const pending = await Promise.all(periods.map((period) => log.pending(AGGREGATOR_GROUP, period)));
  const blocks = pending.reduce((sum, n) => sum + n, 0);
  if (blocks > 0) throw new Failure('log-not-empty', { blocks });
}

async function* piecesOf({ carried }: Store, open: readonly Period[]): AsyncGenerator<Piece> {
  for (const { table } of await carried.carriedTables())
    for await (const { columns, lines } of carried.carriedRows(table))
      yield { section: { table, columns: [...columns] }, lines };
  for (const period of open)
    for await (const { bytes, facts } of carried.openBlocks(period)) {
      const lines = Buffer.from(bytes).toString('latin1').trimEnd().split('\n');
      yield { section: { facts: period, count: facts }, lines };
    }
}
