import { Period } from '../../../schemas/period.ts';
import type { JobHandling, JobWorker } from '../../ports/job-worker.ts';

import type { CloseDeps } from './close-deps.ts';
import { CLOSE_EVERY_MS, closeDue, closeOne } from './close-due.ts';

/** Closes what is due, on schedule; with a period in its payload that one alone, when it is due. */
export const CLOSE_DUE_JOB = 'close-due';
/** Closes the period of its payload, on demand. */
export const CLOSE_JOB = 'close';
/** Makes what a period's parties do not have yet: amendments, and the files of new parties. */
export const ISSUE_JOB = 'issue';

/** How the jobs of closes are attempted, wherever they are enqueued. */
export const CLOSE_RETRIES = { attempts: 5, backoffMs: 2_000 } as const;

export function handleCloses(jobs: JobHandling, deps: CloseDeps): void {
  jobs.handle(
    CLOSE_DUE_JOB,
    async ({ period }) =>
      period === undefined ? closeDue(deps) : void (await closeOne(Period.parse(period), deps, 'unattended')),
    CLOSE_RETRIES,
  );
  jobs.handle(
    CLOSE_JOB,
    async ({ period }) => void (await closeOne(Period.parse(period), deps, 'attended')),
    CLOSE_RETRIES,
  );
  jobs.handle(ISSUE_JOB, async ({ period }) => issueAndSend(Period.parse(period), deps), CLOSE_RETRIES);
}

export function scheduleCloses(jobs: Pick<JobWorker, 'schedule'>): Promise<void> {
  return jobs.schedule(CLOSE_DUE_JOB, CLOSE_EVERY_MS);
}

async function issueAndSend(period: Period, { issue, sendDue }: CloseDeps): Promise<void> {
  await issue(period);
  await sendDue();
}
