import type { FailedJobs } from '../ports/failed-jobs.ts';
import type { JobEnqueuer } from '../ports/job-enqueuer.ts';
import type { JobWorker } from '../ports/job-worker.ts';
import type { OtherClock } from '../ports/other-clock.ts';
import type { Resource } from '../ports/resource.ts';

/** A queue of named jobs, whole. Closing it waits for the jobs that run. */
export interface JobQueue extends JobEnqueuer, JobWorker, FailedJobs, Resource {
  /** Of a server; undefined where the queue is in the process. */
  readonly clock?: OtherClock;
}
