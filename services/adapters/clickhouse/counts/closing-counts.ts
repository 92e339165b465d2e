import type { CubeRow } from '../../../../schemas/cube.ts';
import type { Period } from '../../../../schemas/period.ts';
import { periodNumber } from '../../../core/period.ts';
import type { ClosingCounts } from '../../../ports/closing-counts.ts';
import type { FinalOrder } from '../../../ports/snapshot.ts';
import { Failure } from '../../../shared/failure.ts';
import { createMonthTable, dropMonthTables, factMonths, monthLeft, monthTable } from '../client/month-tables.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { withCounted } from './counted-table.ts';
import { requireAllFacts, requireNothingSetAside } from './fact-totals.ts';
import { openNames } from './opened-names.ts';
import { freezeSlots, slotSums, slotsState } from './slot-table.ts';
import { newSnapshotId } from './snapshot-id.ts';
import * as sql from './snapshot-sql.ts';
import { dropSnapshot, storedSnapshots } from './stored-snapshots.ts';

export function closingCounts({ write, read }: Connections): ClosingCounts {
  return {
    factPeriods: () => factMonths(read),
    freeze: (order) => freeze(write, order),
    frozenRows: (period, id) => write.rows<CubeRow>(sql.FROZEN_ROWS, { period: periodNumber(period), snapshot: id }),
    slotSums: (period, id) => slotSums(write, period, id),
    showFinal: (order, id) => showFinal(write, order, id),
    keepOnly: (period, id) => keepOnly(write, periodNumber(period), id),
    destroyFacts: (period) => dropMonthTables(write, period),
    anythingLeft: async (period) => (await monthLeft(write, period)) > 0,
  };
}

async function freeze(client: SqlClient, order: FinalOrder): Promise<number> {
  const period = periodNumber(order.period);
  const before = await factsState(client, order.period);
  const slotsBefore = await slotsState(client, order.period);
  if (before === undefined) throw new Failure('no-facts', { period: order.period });
  await requireNothingSetAside(client, order.period);
  await requireAllFacts(client, order.period);
  const stored = await storedSnapshots(client, period);
  const snapshot = Math.max(newSnapshotId(order.takenAt), ...stored.map((id) => id + 1));
  const parameters = snapshotParameters(order, snapshot);
  // A month of before there were slots has none.
  await createMonthTable(client, 'slots', order.period);
  await letLie(client, order.period);
  await openNames(client, order);
  await withCounted(client, order.period, parameters, async () => {
    await client.run(sql.INSERT_CUBE, parameters);
    await client.run(sql.INSERT_SUPPRESSED, parameters);
  });
  await freezeSlots(client, order.period, snapshot);
  const [after, slotsAfter] = [await factsState(client, order.period), await slotsState(client, order.period)];
  if (after !== before || slotsAfter !== slotsBefore) throw new Failure('facts-changed', { period: order.period });
  return snapshot;
}

/** The engine merges nothing of a closing month by itself, so that none of its merges ends after the facts are dropped. */
async function letLie(client: SqlClient, period: Period): Promise<void> {
  for (const kind of ['facts', 'slots'] as const)
    await client.run(
      `ALTER TABLE ${monthTable(kind, period)} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1`,
    );
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
async function factsState(client: SqlClient, period: Period): Promise<string | undefined> {
  const [state] = await client.rows<{ parts: number; first: number; last: number }>(sql.FACTS_STATE, {
    facts: monthTable('facts', period),
  });
  return state && state.parts > 0 ? `${state.first}-${state.last}` : undefined;
}

const NO_NOISE = { noise: 0, least_devices: 0, noise_a: 0, noise_b: 0 } as const;

/** Exact: nothing of the snapshot before is kept. */
function snapshotParameters({ period, threshold }: FinalOrder, snapshot: number) {
  return {
    facts: monthTable('facts', period),
    opened: monthTable('opened', period),
    counted: monthTable('counted', period),
    period: periodNumber(period),
    snapshot,
    previous: 0,
    threshold,
    guarded: 0,
    ...NO_NOISE,
  };
}
