import { type Job, type JobsOptions, Queue, UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { FailedJob } from '../../ports/failed-jobs.ts';
import type { JobHandler, JobOptions } from '../../ports/job-worker.ts';
import type { OtherClock } from '../../ports/other-clock.ts';
import { Failure } from '../../shared/failure.ts';
import { InFlight } from '../../shared/in-flight.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import { type HandledJob, Handlers, isCode, isRetryable, reasonOf } from '../job-handlers.ts';
import type { JobQueue } from '../job-queue.ts';

export interface BullmqOptions {
  /** `redis://` or `rediss://` (TLS), with user and password when the server wants them. */
  readonly url: string;
  /** Begins the name of every key in Redis. */
  readonly prefix?: string;
  /** A call that Redis does not answer for this long fails as `jobs-unavailable`. */
  readonly timeoutMs?: number;
  /** A job whose process died is given to another after about this long. */
  readonly lockMs?: number;
}

const TIMEOUT_MS = 5_000;
const LOCK_MS = 30_000;
/** Redis is asked again after 100 ms, 200 ms, ... and at most this long. */
const LONGEST_RECONNECT_MS = 2_000;
const MAX_FAILED = 1000;
const FAILED_AGE_SECONDS = 90 * 24 * 60 * 60;

type Payload = Readonly<Record<string, string | number>>;

/** Jobs in Redis, shared by any number of processes. Opening does not wait for Redis: {@link JobQueue.check} tells. */
export function openBullmqJobQueue(options: BullmqOptions): JobQueue {
  return new BullmqJobQueue(options);
}

/**
 * One BullMQ queue a job name, of which one job runs at a time in the whole cluster (global concurrency): so a
 * scheduled run never overlaps the one before. A key is the job's id, because BullMQ's own deduplication forgets a
 * job that is retried by hand; completed jobs are removed at once, so that their ids are free again.
 */
class BullmqJobQueue implements JobQueue {
  readonly #options: Required<BullmqOptions>;
  readonly #handlers = new Handlers();
  readonly #queues = new Map<string, Queue>();
  readonly #workers: Worker[] = [];
  readonly #running = new InFlight();
  /** For calls that somebody waits for: they fail soon. */
  readonly #calls: Redis;
  /** For workers: BullMQ wants it to wait for Redis as long as it takes. */
  readonly #work: Redis;
  readonly clock: OtherClock = {
    name: 'queue',
    now: () => this.#limited(async () => timeOf(await this.#calls.time())),
  };
  #started = false;
  #closed: Promise<void> | undefined;

  constructor(options: BullmqOptions) {
    this.#options = { prefix: 'rollcall', timeoutMs: TIMEOUT_MS, lockMs: LOCK_MS, ...options };
    this.#calls = this.#connect({ maxRetriesPerRequest: 2, commandTimeout: this.#options.timeoutMs });
    this.#work = this.#connect({ maxRetriesPerRequest: null });
  }

  handle(name: string, handler: JobHandler, options: JobOptions): void {
    this.#handlers.add(name, handler, options);
    if (this.#started) this.#startWorker(name);
  }

  async schedule(name: string, everyMs: number): Promise<void> {
    const { options } = this.#handlers.of(name);
    await this.#call(name, (queue) =>
      queue.upsertJobScheduler(name, { every: everyMs }, { name, data: {}, opts: jobOptions(options) }),
    );
  }

  async enqueue(name: string, key: string, payload: Payload): Promise<void> {
    const { options } = this.#handlers.of(name);
    const jobId = `key-${encodeURIComponent(key)}`;
    await this.#call(name, async (queue) => {
      const earlier = await queue.getJob(jobId);
      if (earlier && (await earlier.isFailed())) await earlier.remove();
      await queue.add(name, payload, { ...jobOptions(options), jobId });
    });
  }

  async failed(): Promise<FailedJob[]> {
    const failed = await Promise.all(
      (await this.#names()).map((name) => this.#call(name, (queue) => queue.getFailed(0, MAX_FAILED - 1))),
    );
    return failed.flat().map(failedJob);
  }

  async retry(id: string): Promise<boolean> {
    const slash = id.indexOf('/');
    const name = id.slice(0, slash);
    if (!(await this.#names()).includes(name)) return false;
    return await this.#call(name, async (queue) => {
      const job = await queue.getJob(id.slice(slash + 1));
      if (!job || !(await job.isFailed())) return false;
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    });
  }

  async start(): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#started) return;
    this.#started = true;
    for (const name of this.#handlers.names()) this.#startWorker(name);
  }

  async check(): Promise<void> {
    await this.#limited(() => this.#calls.ping());
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // BullMQ stops fetching at once, waits for its jobs, and then for Redis, which may be away: hence the limit.
    const workers = Promise.all(this.#workers.map((worker) => worker.close()));
    await this.#running.settled();
    await settledWithin(this.#options.timeoutMs, workers);
    await settledWithin(1_000, Promise.all([...this.#queues.values()].map((queue) => queue.close())));
    this.#calls.disconnect();
    this.#work.disconnect();
  }

  #connect(options: { maxRetriesPerRequest: number | null; commandTimeout?: number }): Redis {
    const redis = new Redis(this.#options.url, {
      ...options,
      lazyConnect: true,
      connectTimeout: this.#options.timeoutMs,
      retryStrategy: (times) => Math.min(times * 100, LONGEST_RECONNECT_MS),
    });
    // ioredis reconnects by itself; without a listener it would print to the console.
    redis.on('error', () => {});
    return redis;
  }

  /** Names that any process has used: a command that lists failed jobs handles none itself. */
  async #names(): Promise<string[]> {
    const used = await this.#limited(() => this.#calls.smembers(this.#namesKey));
    return [...new Set([...used, ...this.#handlers.names()])].sort();
  }

  get #namesKey(): string {
    return `${this.#options.prefix}-job-names`;
  }

  async #call<T>(name: string, act: (queue: Queue) => Promise<T>): Promise<T> {
    return await this.#limited(async () => act(await this.#queue(name)));
  }

  async #queue(name: string): Promise<Queue> {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: this.#calls, prefix: this.#options.prefix });
    queue.on('error', () => {});
    try {
      await queue.waitUntilReady();
      await queue.setGlobalConcurrency(1);
      await this.#calls.sadd(this.#namesKey, name);
    } catch (failure) {
      // A queue that did not become ready never will: the next call begins with a new one.
      void queue.close().catch(() => {});
      throw failure;
    }
    this.#queues.set(name, queue);
    return queue;
  }

  async #limited<T>(act: () => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    const unavailable = (cause?: unknown) => new Failure('jobs-unavailable', {}, { cause });
    const acted = act();
    try {
      if (!(await settledWithin(this.#options.timeoutMs, acted))) throw unavailable();
      return await acted;
    } catch (failure) {
      throw failure instanceof Failure ? failure : unavailable(failure);
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Failure('closed');
  }

  #startWorker(name: string): void {
    const job = this.#handlers.of(name);
    const worker = new Worker(name, (bullJob: Job) => this.#run(job, bullJob.data as Payload), {
      connection: this.#work,
      prefix: this.#options.prefix,
      concurrency: 1,
      lockDuration: this.#options.lockMs,
      stalledInterval: this.#options.lockMs,
      // A job whose process died is tried again however often that happens: every job may be done twice.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    worker.on('error', () => {});
    this.#workers.push(worker);
  }

  async #run({ handler }: HandledJob, payload: Payload): Promise<void> {
    const run = this.#running.add((async () => handler(payload))());
    // What BullMQ stores of a failure is its message: only a code may be one.
    await run.catch((thrown: unknown) => {
      const reason = reasonOf(thrown);
      throw isRetryable(thrown) ? new Error(reason) : new UnrecoverableError(reason);
    });
  }
}

function jobOptions({ attempts, backoffMs }: JobOptions): JobsOptions {
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs },
    removeOnComplete: true,
    removeOnFail: { count: MAX_FAILED, age: FAILED_AGE_SECONDS },
    stackTraceLimit: 0,
  };
}

/** Redis gives its time in seconds and microseconds. */
function timeOf([seconds, micros]: readonly (number | string)[]): number {
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}

function failedJob(job: Job): FailedJob {
  const reason = job.failedReason ?? '';
  return {
    id: `${job.name}/${job.id}`,
    name: job.name,
    attempts: job.attemptsMade,
    reason: isCode(reason) ? reason : 'stalled',
  };
}
