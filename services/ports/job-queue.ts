export interface JobOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** The pause before the second attempt; it doubles with each further one. */
  readonly backoffMs: number;
}

export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  /** A failure's code, never a message. */
  readonly reason: string;
}

/** A failure that says by its code that no retry can mend it ends the job: it is not attempted again. */
export type JobHandler = (payload: Readonly<Record<string, string | number>>) => Promise<void>;

/**
 * Runs named jobs, on a schedule and on demand. Payloads hold periods, numbers and names of parties: never facts.
 */
export interface JobQueue {
  /** Says how a job is done. Once for a name, before anything is scheduled or enqueued under it. */
  handle(name: string, handler: JobHandler, options: JobOptions): void;
  /**
   * Runs `name` every `everyMs` milliseconds, the first time at once. Scheduled again under the same name, the newer
   * interval replaces the older. A run that is still going on when the next is due is not joined by a second.
   */
  schedule(name: string, everyMs: number): Promise<void>;
  /** Runs `name` soon. While a job with the same name and key waits or runs, a second one is not added. */
  enqueue(name: string, key: string, payload: Readonly<Record<string, string | number>>): Promise<void>;
  /** Jobs whose last attempt failed. */
  failed(): Promise<FailedJob[]>;
  /** Attempts a failed job again. False when there is none with that id. */
  retry(id: string): Promise<boolean>;
  /** Begins to run jobs. Before it nothing runs. */
  start(): Promise<void>;
  /** Resolves when jobs can be taken and run, rejects when not. */
  check(): Promise<void>;
  /** Takes no new job, waits for those that run, then lets go of every resource. */
  close(): Promise<void>;
}
