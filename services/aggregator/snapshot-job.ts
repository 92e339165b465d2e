import type { CountStore, Guard } from '../ports/count-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';

export interface SnapshotDeps {
  readonly store: CountStore;
  readonly clock: Clock;
  readonly threshold: number;
  readonly guard: Guard;
  /** The version of the identification catalogue that the facts were named by. */
  readonly catalogue: string;
  readonly journal: Log;
}

export const SNAPSHOT_JOB = 'snapshot';

/** Counts every period that has facts anew; periods in which nothing changed keep their snapshot. */
export async function takeSnapshots(deps: SnapshotDeps): Promise<void> {
  for (const period of await deps.store.factPeriods()) {
    const { threshold, guard, catalogue } = deps;
    const snapshot = await deps.store.takeSnapshot({ period, threshold, guard, catalogue, takenAt: deps.clock.now() });
    if (snapshot) deps.journal.info('snapshot taken', { period, provisional: snapshot.provisional });
  }
}
