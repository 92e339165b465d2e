import { closableFrom, type Period } from '../../../schemas/period.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';
import type { Clock } from '../../shared/clock.ts';
import { CLOSE_JOB } from './close-jobs.ts';

export type CloseAnswer = 'enqueued' | 'too-early' | 'already';

/** Has a period closed soon: asked again, also at once and by several, it is closed once. */
export async function requestClose(
  period: Period,
  deps: {
    readonly releases: Pick<ReleaseStore, 'transitions'>;
    readonly jobs: Pick<JobQueue, 'enqueue'>;
    readonly clock: Clock;
  },
): Promise<CloseAnswer> {
  if (deps.clock.now() < closableFrom(period)) return 'too-early';
  const steps = await deps.releases.transitions();
  if (steps.some((one) => one.period === period && one.step === 'RELEASED')) return 'already';
  await deps.jobs.enqueue(CLOSE_JOB, period, { period });
  return 'enqueued';
}
