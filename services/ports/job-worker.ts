import type { JobPayload } from './job.ts';

export interface JobOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The pause before the second attempt; it doubles with each further one. */
  readonly backoffMs: number;
}

export type JobHandler = (payload: JobPayload) => Promise<void>;

/** Knows how named jobs are done. */
export interface JobHandling {
  /** Says how a job is done. Once for a name, before anything is scheduled or enqueued under it. */
  handle(name: string, handler: JobHandler, options: JobOptions): void;
}

/** Does jobs, on a schedule and on demand. */
export interface JobWorker extends JobHandling {
  /**
   * Runs `name` every `everyMs` milliseconds, the first time at once. Scheduled again under the same name, the newer
   * interval replaces the older. A run that is still going on when the next is due is not joined by a second. While no
   * run has ended for twice the interval, or a minute more than it, and none goes on, `check` rejects as `jobs-overdue`.
   */
  schedule(name: string, everyMs: number): Promise<void>;
  /** Begins to run jobs. Before it nothing runs. */
  start(): Promise<void>;
}
