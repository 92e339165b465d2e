import type { Period } from '../../../../schemas/period.ts';
import type { BoundedRow } from '../../../../schemas/release.ts';
import { periodNumber } from '../../../core/period.ts';
import type { SnapshotOrder } from '../../../ports/count-store.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Parameters, SqlClient } from '../client/open-client.ts';
import { newSnapshotId } from './snapshot-id.ts';
import * as sql from './snapshot-sql.ts';

type FreezeOrder = Omit<SnapshotOrder, 'guard'>;

/** See CountStore.freeze. */
export async function freeze(client: SqlClient, order: FreezeOrder): Promise<number> {
  const period = periodNumber(order.period);
  const before = await factsState(client, period);
  if (before === undefined) throw new Failure('no-facts', { period: order.period });
  const stored = await client.rows<{ snapshot: number }>(sql.STORED_SNAPSHOTS, { period });
  const snapshot = Math.max(newSnapshotId(order.takenAt), ...stored.map((row) => row.snapshot + 1));
  const parameters = snapshotParameters(order, snapshot);
  await client.run(sql.INSERT_CUBE, parameters);
  await client.run(sql.INSERT_SUPPRESSED, parameters);
  if ((await factsState(client, period)) !== before) throw new Failure('facts-changed', { period: order.period });
  return snapshot;
}

export function frozenRows(client: SqlClient, period: Period, id: number): Promise<BoundedRow[]> {
  return client.rows<BoundedRow>(sql.FROZEN_ROWS, { period: periodNumber(period), snapshot: id });
}

export async function showFinal(client: SqlClient, order: FreezeOrder, id: number): Promise<void> {
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

/** Undefined when there are no facts: a month in which every site withdrew has some. */
async function factsState(client: SqlClient, period: number): Promise<string | undefined> {
  const [state] = await client.rows<{ parts: number; first: number; last: number }>(sql.FACTS_STATE, {
    partition: String(period),
  });
  return state && state.parts > 0 ? `${state.first}-${state.last}` : undefined;
}

/** Exact: nothing of the snapshot before is kept. */
function snapshotParameters({ period, threshold }: FreezeOrder, snapshot: number): Parameters {
  return {
    period: periodNumber(period),
    snapshot,
    previous: 0,
    threshold,
    guarded: 0,
  };
}
