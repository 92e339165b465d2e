import type { Period } from '../../../schemas/period.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { closableFrom } from '../../core/period.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { FactPeriods } from '../../ports/fact-periods.ts';
import type { JobEnqueuer } from '../../ports/job-enqueuer.ts';
import type { Clock } from '../../shared/clock.ts';
import { CLOSE_JOB } from './close-jobs.ts';

/** unknown: there are no facts of the period. already: it is closed. */
export type CloseAnswer = 'enqueued' | 'too-early' | 'unknown' | 'already';

/** Has a period closed soon: asked again, also at once and by several, it is closed once. */
export async function requestClose(
  period: Period,
  deps: {
    readonly counts: FactPeriods;
    readonly releases: CloseProgress;
    readonly jobs: JobEnqueuer;
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
