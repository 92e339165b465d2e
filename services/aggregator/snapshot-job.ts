import type { Period } from '../../schemas/period.ts';
import type { FinalOrder, Guard, GuardedDevices, SnapshotOrder } from '../ports/snapshot.ts';
import type { SnapshotTaker } from '../ports/snapshot-taker.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { DailyArrivals } from './daily-arrivals.ts';

export interface SnapshotDeps {
  readonly store: SnapshotTaker;
  readonly clock: Clock;
  readonly threshold: number;
  readonly guard: Guard;
  readonly devices: GuardedDevices;
  /** What opens the period's sealed names; undefined where its key is not. */
  readonly openerOf: (period: Period) => FinalOrder['open'];
  /** The version of the catalogue that the counts are named by now; it grows when a curator adds a mapping. */
  readonly catalogue: () => Promise<string>;
  /** Whether the period is being closed: its last snapshot is the close's to take. */
  readonly isClosing: (period: Period) => Promise<boolean>;
  /** How many sites there are when a day begins. */
  readonly arrivals: Pick<DailyArrivals, 'note'>;
  readonly journal: Log;
  /** Of a snapshot that is about to be shown: whoever answers from memory reads it first. */
  readonly beforeShown?: SnapshotOrder['beforeShown'];
}

export const SNAPSHOT_JOB = 'snapshot';
/** Merges the facts: see FactMerger. */
export const COMPACT_JOB = 'compact';

/**
 * Counts every open period that has facts anew; periods in which nothing changed keep their snapshot. One that cannot be
 * counted keeps no other from it; the first failure is thrown at the end.
 */
export async function takeSnapshots(deps: SnapshotDeps): Promise<void> {
  const failures: unknown[] = [];
  for (const period of await deps.store.factPeriods())
    await takeOne(period, deps).catch((thrown: unknown) => failures.push(thrown));
  if (failures.length > 0) throw failures[0];
}

async function takeOne(period: Period, deps: SnapshotDeps): Promise<void> {
  const { threshold, guard, devices, beforeShown } = deps;
  if (await deps.isClosing(period)) return;
  // Before the snapshot: a mapping that comes in between is in its cells, and the next one is due for its version.
  const catalogue = await deps.catalogue();
  const [takenAt, open] = [deps.clock.now(), deps.openerOf(period)];
  const also = { ...(open ? { open } : {}), ...(beforeShown ? { beforeShown } : {}) };
  const order = { period, threshold, guard, devices, catalogue, takenAt, ...also };
  const snapshot = await deps.store.takeSnapshot(order);
  if (snapshot) deps.journal.info('snapshot taken', { period, provisional: snapshot.provisional });
  await deps.arrivals.note(period);
}
