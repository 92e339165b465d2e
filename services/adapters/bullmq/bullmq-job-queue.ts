import { type Job, type JobsOptions, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { FailedJob } from '../../ports/failed-jobs.ts';
import type { JobHandler, JobOptions } from '../../ports/job-worker.ts';
import type { OtherClock } from '../../ports/other-clock.ts';
import { systemClock } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import { InFlight } from '../../shared/in-flight.ts';
import { type Log, silentLog } from '../../shared/log.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import { DueRuns } from '../due-runs.ts';
import { type HandledJob, Handlers, isCode, isRetryable, reasonOf } from '../job-handlers.ts';
import type { JobQueue } from '../job-queue.ts';
import { connectRedis } from './connection.ts';
import { Schedules } from './schedules.ts';

export interface BullmqOptions {
  /** `redis://` or `rediss://` (TLS), with user and password when the server wants them. */
  readonly url: string;
  /** Begins the name of every key in Redis. */
  readonly prefix?: string;
  /** A call that Redis does not answer for this long fails as `jobs-unavailable`. */
  readonly timeoutMs?: number;
  /** A job whose process died is given to another after about this long. */
  readonly lockMs?: number;
  /** What Redis has lost of a schedule is put back after about this long. */
  readonly lookMs?: number;
  readonly journal?: Log;
}

const DEFAULTS = { prefix: 'rollcall', timeoutMs: 5_000, lockMs: 10_000, lookMs: 15_000, journal: silentLog } as const;
/** A worker that Redis refused asks again after this. BullMQ's own would be 15 seconds. */
const RUN_RETRY_MS = 1_000;
/** Later than by its longest pause and this, no attempt is due: the clock that said so was wrong. */
const SLACK_MS = 60_000;
const CHECKED_MS = 60_000;
const MAX_FAILED = 1000;
const FAILED_AGE_SECONDS = 90 * 24 * 60 * 60;

/** The id of a job's scheduled run: there is one at a time. */
const SCHEDULED = 'scheduled';
/** BullMQ's order of delayed jobs: the moment, and twelve bits in which those of one moment have an order. */
const SCORE_PER_MS = 0x1000;

type Payload = Readonly<Record<string, string | number>>;

/** Jobs in Redis, shared by any number of processes. Opening does not wait for Redis: {@link JobQueue.check} tells. */
export function openBullmqJobQueue(options: BullmqOptions): JobQueue {
  return new BullmqJobQueue(options);
}

/**
 * One BullMQ queue a job name, of which one job runs at a time in the whole cluster (global concurrency): so a
 * scheduled run never overlaps the one before. A key is the job's id, because BullMQ's own deduplication forgets a
 * job that is retried by hand; completed jobs are removed at once, so that their ids are free again. BullMQ's own
 * schedulers are not used: they are written once, and where Redis or a clock has lost them they never run again.
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
  readonly #due = new DueRuns();
  readonly #schedules: Schedules;
  #started = false;
  #closed: Promise<void> | undefined;

  constructor(options: BullmqOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const { url, timeoutMs, prefix, lookMs, journal } = this.#options;
    this.#calls = connectRedis({ url, timeoutMs, patience: 'short' });
    this.#work = connectRedis({ url, timeoutMs, patience: 'endless' });
    const add = (name: string) => this.#call(name, (queue) => this.#addScheduled(queue, name));
    this.#schedules = new Schedules({ redis: this.#calls, prefix, lookMs, add, due: this.#due, journal });
  }

  handle(name: string, handler: JobHandler, options: JobOptions): void {
    this.#handlers.add(name, handler, options);
    if (this.#started) this.#startWorker(name);
  }

  async schedule(name: string, everyMs: number): Promise<void> {
    this.#handlers.of(name);
    // What versions before 0.2 had written.
    await this.#call(name, (queue) => queue.removeJobScheduler(name));
    await this.#limited(() => this.#schedules.begin(name, everyMs));
  }

  async enqueue(name: string, key: string, payload: Payload): Promise<void> {
    await this.#call(name, (queue) => this.#add(queue, name, `key-${encodeURIComponent(key)}`, payload));
  }

  async #addScheduled(queue: Queue, name: string): Promise<'runs' | 'waits'> {
    await this.#bringForward(queue, name);
    return (await this.#add(queue, name, SCHEDULED, {})) === 'active' ? 'runs' : 'waits';
  }

  /** Resolves to the state of a job that had the id before. */
  async #add(queue: Queue, name: string, jobId: string, payload: Payload): Promise<string | undefined> {
    const { options } = this.#handlers.of(name);
    // Again and again: Redis may have been emptied since.
    await queue.setGlobalConcurrency(1);
    await this.#calls.sadd(this.#namesKey, name);
    const earlier = await queue.getJob(jobId);
    const state = await earlier?.getState();
    if (earlier && isOver(state)) await earlier.remove().catch(() => {});
    await queue.add(name, payload, { ...jobOptions(options), jobId });
    return state;
  }

  /** Attempts that are due later than any can be: a host with another clock wrote them, or this one had another. */
  async #bringForward(queue: Queue, name: string): Promise<void> {
    const { attempts, backoffMs } = this.#handlers.of(name).options;
    const latest = systemClock.now() + backoffMs * 2 ** attempts + SLACK_MS;
    const late = await this.#calls.zrangebyscore(
      queue.toKey('delayed'),
      latest * SCORE_PER_MS,
      '+inf',
      'LIMIT',
      0,
      100,
    );
    for (const id of late) await (await queue.getJob(id))?.promote();
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

  /** By a write: a replica, and a server that is full, answer every ping. */
  async check(): Promise<void> {
    await this.#limited(() => this.#calls.set(`${this.#options.prefix}-checked`, '1', 'PX', CHECKED_MS));
    const job = this.#due.overdue();
    if (job !== undefined) throw new Failure('jobs-overdue', { job });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#schedules.stop();
    // BullMQ stops fetching at once, waits for its jobs, and then for Redis, which may be away: hence the limit.
    const workers = Promise.all(this.#workers.map((worker) => worker.close()));
    await this.#running.settled();
    await settledWithin(this.#options.timeoutMs, workers);
    await settledWithin(1_000, Promise.all([...this.#queues.values()].map((queue) => queue.close())));
    this.#calls.disconnect();
    this.#work.disconnect();
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
    const worker = new Worker(name, (bullJob: Job) => this.#run(name, job, bullJob.data as Payload), {
      connection: this.#work,
      prefix: this.#options.prefix,
      concurrency: 1,
      lockDuration: this.#options.lockMs,
      stalledInterval: this.#options.lockMs,
      runRetryDelay: RUN_RETRY_MS,
      // A job whose process died is tried again however often that happens: every job may be done twice.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    worker.on('error', () => {});
    this.#workers.push(worker);
  }

  async #run(name: string, { handler }: HandledJob, payload: Payload): Promise<void> {
    this.#due.running(name);
    const run = this.#running.add((async () => handler(payload))());
    void run.catch(() => {}).then(() => this.#schedules.ended(name).catch(() => {}));
    // What BullMQ stores of a failure is its message: only a code may be one.
    await run.catch((thrown: unknown) => {
      const reason = reasonOf(thrown);
      throw isRetryable(thrown) ? new Error(reason) : new UnrecoverableError(reason);
    });
  }
}

/** `unknown`: Redis has the job still, and has lost the list that it was in. */
function isOver(state: string | undefined): boolean {
  return state === 'failed' || state === 'completed' || state === 'unknown';
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
