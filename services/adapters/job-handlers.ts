import type { JobHandler, JobOptions } from '../ports/job-worker.ts';
import { Failure } from '../shared/failure.ts';

export interface HandledJob {
  readonly handler: JobHandler;
  readonly options: JobOptions;
}

/** How each named job is done. */
export class Handlers {
  readonly #byName = new Map<string, HandledJob>();

  add(name: string, handler: JobHandler, options: JobOptions): void {
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) throw new RangeError('a job name is lower-case letters, digits and -');
    if (this.#byName.has(name)) throw new RangeError('a job name is handled once');
    this.#byName.set(name, { handler, options });
  }

  of(name: string): HandledJob {
    const job = this.#byName.get(name);
    if (!job) throw new Failure('job-not-handled');
    return job;
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }
}

/** A failure that no retry can mend says so itself; anything else may pass. */
export function isRetryable(thrown: unknown): boolean {
  return !(thrown instanceof Failure) || thrown.retryable;
}

/** What may be stored of a handler's failure: its code, when it has one that is a short word. */
export function reasonOf(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' && isCode(code) ? code : 'failed';
}

export function isCode(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,40}$/.test(text);
}
