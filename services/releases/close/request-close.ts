import type { Period } from '../../../schemas/period.ts';
import { closableFrom } from '../../core/period.ts';
import type { CountStore } from '../../ports/count-store.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import { type ReleaseStore, stepsOf } from '../../ports/release-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { CLOSE_JOB } from './close-jobs.ts';

/** unknown: there are no facts of the period. already: it is closed. */
export type CloseAnswer = 'enqueued' | 'too-early' | 'unknown' | 'already';

/** Has a period closed soon: asked again, also at once and by several, it is closed once. */
export async function requestClose(
  period: Period,
  deps: {
    readonly counts: Pick<CountStore, 'factPeriods'>;
    readonly releases: Pick<ReleaseStore, 'transitions'>;
    readonly jobs: Pick<JobQueue, 'enqueue'>;
    readonly clock: Clock;
  },
): Promise<CloseAnswer> {
  if (deps.clock.now() < closableFrom(period)) return 'too-early';
  const steps = stepsOf(await deps.releases.transitions(), period);
  if (steps.has('RELEASED')) return 'already';
  if (steps.size === 0 && !(await deps.counts.factPeriods()).includes(period)) return 'unknown';
  await deps.jobs.enqueue(CLOSE_JOB, period, { period });
  return 'enqueued';
}
