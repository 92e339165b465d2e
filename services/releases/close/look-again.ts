import type { Period } from '../../../schemas/period.ts';
import type { JobEnqueuer } from '../../ports/job-enqueuer.ts';
import { CLOSE_DUE_JOB } from './close-jobs.ts';

/** A log is read to its end within seconds, unless nobody reads it. */
const AGAIN_MS = 5_000;

/**
 * Has a period looked at again soon, once however often it is asked for meanwhile. It keeps no process from ending, and what is
 * lost with one is done by the next run that is scheduled.
 */
export function lookingAgain(jobs: JobEnqueuer, afterMs = AGAIN_MS): (period: Period) => void {
  const soon = new Set<Period>();
  return (period) => {
    if (soon.has(period)) return;
    soon.add(period);
    const again = () => {
      soon.delete(period);
      jobs.enqueue(CLOSE_DUE_JOB, period, { period }).catch(() => {});
    };
    setTimeout(again, afterMs).unref();
  };
}
