import type { JobPayload } from './job.ts';

/** For whoever wants a job done. */
export interface JobEnqueuer {
  /** Runs `name` soon. While a job with the same name and key waits or runs, a second one is not added. */
  enqueue(name: string, key: string, payload: JobPayload): Promise<void>;
}
