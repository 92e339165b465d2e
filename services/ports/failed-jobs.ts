export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  /** A failure's code, never a message. */
  readonly reason: string;
}

/** For whoever looks after the jobs. */
export interface FailedJobs {
  /** Jobs whose last attempt failed. */
  failed(): Promise<FailedJob[]>;
  /** Attempts a failed job again. False when there is none with that id. */
  retry(id: string): Promise<boolean>;
}
