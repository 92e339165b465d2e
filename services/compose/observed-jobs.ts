import { Counter, Gauge, type Registry } from 'prom-client';
import { SNAPSHOT_JOB } from '../aggregator/snapshot-job.ts';
import type { JobHandler, JobWorker } from '../ports/job-worker.ts';
import { describeFailure, Failure, failureCodeOf } from '../shared/failure.ts';
import type { FailureCode } from '../shared/failure-codes.ts';
import type { Log } from '../shared/log.ts';

/** What becomes of jobs: a failed one is told by nobody else, and a queue only keeps its code. */
export class ObservedJobs {
  readonly #journal: Log;
  readonly #failures: Counter;
  /** Of each job whose last attempt failed. */
  readonly #failing = new Map<string, FailureCode>();
  readonly #elapsed: () => number;
  #countedAt: number;

  /** `elapsed`: milliseconds of a clock that only runs forward. */
  constructor(registry: Registry, journal: Log, elapsed = () => performance.now()) {
    this.#journal = journal;
    this.#elapsed = elapsed;
    this.#countedAt = elapsed();
    const registers = [registry];
    this.#failures = new Counter({
      name: 'rollcall_job_failures_total',
      help: 'Attempts of jobs that failed, by job and by the code of the failure',
      labelNames: ['job', 'code'],
      registers,
    });
    const age = () => this.#age();
    new Gauge({
      name: 'rollcall_snapshot_age_seconds',
      help: 'Seconds since this process last counted every open month, or since its start',
      registers,
      collect() {
        this.set(age());
      },
    });
  }

  /** The same worker, whose jobs are looked at. */
  over<W extends Pick<JobWorker, 'handle'>>(jobs: W): Pick<JobWorker, 'handle'> {
    return { handle: (name, handler, options) => jobs.handle(name, this.#observed(name, handler), options) };
  }

  /** Throws `job-failing` while the last attempt of one of these failed. */
  check(names: readonly string[]): void {
    for (const job of names) {
      const code = this.#failing.get(job);
      if (code !== undefined) throw new Failure('job-failing', { job, code });
    }
  }

  #observed(name: string, handler: JobHandler): JobHandler {
    return async (payload) => {
      try {
        await handler(payload);
        this.#failing.delete(name);
        if (name === SNAPSHOT_JOB) this.#countedAt = this.#elapsed();
      } catch (thrown) {
        this.#failed(name, thrown);
        throw thrown;
      }
    };
  }

  #failed(job: string, thrown: unknown): void {
    const code = failureCodeOf(thrown);
    this.#failing.set(job, code);
    this.#failures.inc({ job, code });
    const { code: engine, ...detail } = thrown instanceof Failure ? thrown.detail : {};
    this.#journal.error('job failed', { job, ...describeFailure(thrown), ...detail, engine });
  }

  #age(): number {
    return (this.#elapsed() - this.#countedAt) / 1_000;
  }
}
