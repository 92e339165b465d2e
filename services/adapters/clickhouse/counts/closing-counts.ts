import type { BoundedRow } from '../../../../schemas/release.ts';
import { periodNumber } from '../../../core/period.ts';
import type { ClosingCounts } from '../../../ports/closing-counts.ts';
import type { FinalOrder } from '../../../ports/snapshot.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Connections, Parameters, SqlClient } from '../client/open-client.ts';
import { factPeriods } from './fact-table.ts';
import { newSnapshotId } from './snapshot-id.ts';

import * as sql from './snapshot-sql.ts';
import { dropSnapshot, storedSnapshots } from './stored-snapshots.ts';

export function closingCounts({ write, read }: Connections): ClosingCounts {
  return {
    factPeriods: () => factPeriods(read),
    freeze: (order) => freeze(write, order),
    frozenRows: (period, id) => write.rows<BoundedRow>(sql.FROZEN_ROWS, { period: periodNumber(period), snapshot: id }),
    showFinal: (order, id) => showFinal(write, order, id),
    keepOnly: (period, id) => keepOnly(write, periodNumber(period), id),
    destroyFacts: (period) =>
      write.run('ALTER TABLE facts DROP PARTITION {period:UInt32}', { period: periodNumber(period) }),
  };
}

async function freeze(client: SqlClient, order: FinalOrder): Promise<number> {
  const period = periodNumber(order.period);
  const before = await factsState(client, period);
  if (before === undefined) throw new Failure('no-facts', { period: order.period });
  const stored = await storedSnapshots(client, period);
  const snapshot = Math.max(newSnapshotId(order.takenAt), ...stored.map((id) => id + 1));
  const parameters = snapshotParameters(order, snapshot);
  await client.run(sql.INSERT_CUBE, parameters);
  await client.run(sql.INSERT_SUPPRESSED, parameters);
  if ((await factsState(client, period)) !== before) throw new Failure('facts-changed', { period: order.period });
  return snapshot;
}

async function showFinal(client: SqlClient, order: FinalOrder, id: number): Promise<void> {
  const place = { period: periodNumber(order.period), snapshot: id };
  const [shown] = await client.rows<{ rows: number }>(sql.FINAL_SHOWN, place);
  if (shown?.rows) return;
  const { takenAt, catalogue, threshold } = order;
  await client.run(sql.INSERT_SNAPSHOT, {
    ...place,
    taken_at: takenAt,
    state: 'final',
    catalogue,
    threshold,
    basis: 'final',
  });
}

async function keepOnly(client: SqlClient, period: number, id: number): Promise<void> {
  for (const stored of await storedSnapshots(client, period))
    if (stored !== id) await dropSnapshot(client, period, stored);
}

/** Undefined when there are no facts: a month in which every site withdrew has some. */
async function factsState(client: SqlClient, period: number): Promise<string | undefined> {
  const [state] = await client.rows<{ parts: number; first: number; last: number }>(sql.FACTS_STATE, {
    partition: String(period),
  });
  return state && state.parts > 0 ? `${state.first}-${state.last}` : undefined;
}

/** Exact: nothing of the snapshot before is kept. */
function snapshotParameters({ period, threshold }: FinalOrder, snapshot: number): Parameters {
  return {
    period: periodNumber(period),
    snapshot,
    previous: 0,
    threshold,
    guarded: 0,
  };
}
