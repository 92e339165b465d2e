import * as z from 'zod';
import { PERIOD_STATES, type PeriodState } from '../../schemas/cube.ts';
import { openPeriods, Period } from '../../schemas/period.ts';
import type { Snapshot } from '../ports/count-store.ts';
import type { Reading } from './reading.ts';
import { Count } from './shares.ts';
import { type CountsDeps, takenAt } from './snapshots.ts';
import { type Table, tableOf } from './table.ts';

const PeriodRow = z.strictObject({
  period: Period,
  state: z.enum(PERIOD_STATES),
  sites: Count.nullable(),
  snapshotAt: z.iso.datetime().nullable(),
});
export const PeriodsAnswer = z.strictObject({ periods: z.array(PeriodRow) });
export type PeriodsAnswer = z.infer<typeof PeriodsAnswer>;

/** Every period that is open or was counted, newest first. */
export async function periods({ store, clock, threshold }: CountsDeps): Promise<Reading<PeriodsAnswer>> {
  const open = openPeriods(clock.now());
  const snapshots = await store.snapshots();
  return {
    snapshots,
    path: '/v1/periods',
    parameters: {},
    basis: open.join(),
    answer: async () => ({ periods: rowsOf(open, snapshots, threshold) }),
  };
}

function rowsOf(open: readonly Period[], snapshots: readonly Snapshot[], threshold: number): PeriodsAnswer['periods'] {
  const counted = new Map(snapshots.map((snapshot) => [snapshot.period, snapshot]));
  return [...new Set([...open, ...counted.keys()])]
    .sort()
    .toReversed()
    .map((period) => {
      const snapshot = counted.get(period);
      return {
        period,
        state: stateOf(open.includes(period), snapshot?.provisional ?? true),
        // The threshold may have been raised since the snapshot was taken.
        sites: snapshot?.sites && snapshot.sites >= threshold ? snapshot.sites : null,
        snapshotAt: takenAt(snapshot),
      };
    });
}

function stateOf(open: boolean, provisional: boolean): PeriodState {
  if (open) return 'open';
  return provisional ? 'closing' : 'frozen';
}

export function periodsTable({ periods }: PeriodsAnswer): Table {
  return tableOf({ period: 'text', state: 'text', sites: 'whole', snapshotAt: 'text' }, periods);
}
