import type { PeriodState } from '../../schemas/cube.ts';
import { openPeriods, type Period } from '../../schemas/period.ts';
import type { CountStore } from '../ports/count-store.ts';

export interface PeriodRow {
  readonly period: Period;
  readonly state: PeriodState;
  readonly sites: number | null;
  readonly snapshotAt: string | null;
}

/** Every period that is open or was counted, newest first. */
export async function periods(store: CountStore, now: number): Promise<PeriodRow[]> {
  const open = openPeriods(now);
  const snapshots = await store.snapshots();
  const counted = new Map(snapshots.map((snapshot) => [snapshot.period, snapshot]));
  return [...new Set([...open, ...counted.keys()])]
    .sort()
    .toReversed()
    .map((period) => {
      const snapshot = counted.get(period);
      return {
        period,
        state: stateOf(open.includes(period), snapshot?.provisional ?? true),
        sites: snapshot?.sites ?? null,
        snapshotAt: snapshot ? new Date(snapshot.takenAt).toISOString() : null,
      };
    });
}

function stateOf(open: boolean, provisional: boolean): PeriodState {
  if (open) return 'open';
  return provisional ? 'closing' : 'frozen';
}
