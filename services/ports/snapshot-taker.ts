import type { FactPeriods } from './fact-periods.ts';
import type { Snapshot, SnapshotOrder } from './snapshot.ts';

/** What counts open periods. */
export interface SnapshotTaker extends FactPeriods {
  /**
   * Counts the period and makes the result visible at once. The stored cube is the guarded one: cells under the
   * threshold are not in it, and a guarded cell changes only when its sites have moved by at least the threshold.
   * Null when nothing changed since the last snapshot, or that was the final one. One at a time for a period: two at once would both follow the same
   * one before, and the guard could not hold between them.
   */
  takeSnapshot(order: SnapshotOrder): Promise<Snapshot | null>;
}
