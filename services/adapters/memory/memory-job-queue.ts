import type { FailedJob } from '../../ports/failed-jobs.ts';
import type { JobHandler, JobOptions } from '../../ports/job-worker.ts';
import { Failure } from '../../shared/failure.ts';
import { DueRuns } from '../due-runs.ts';
import { type HandledJob, Handlers, isRetryable, reasonOf } from '../job-handlers.ts';
import type { JobQueue } from '../job-queue.ts';

type Payload = Readonly<Record<string, string | number>>;

interface Job {
  readonly name: string;
  readonly id: string;
  readonly payload: Payload;
  attempts: number;
}

/** Failed jobs that are remembered; the oldest are forgotten first. */
const MAX_FAILED = 1000;
/** Node's timers run at once when asked for more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Jobs run in this process and are forgotten with it: what must happen is scheduled again at the next start. `now`: by
 * what a run is found to be overdue.
 */
export function openMemoryJobQueue(now?: () => number): JobQueue {
  return new MemoryJobQueue(now);
}

class MemoryJobQueue implements JobQueue {
  readonly #handlers = new Handlers();
  /** Jobs of a name run one after another, in this order. */
  readonly #waiting = new Map<string, Job[]>();
  readonly #running = new Map<string, Promise<void>>();
  /** Ids of jobs that wait, run, or pause before their next attempt. */
  readonly #alive = new Set<string>();
  readonly #failed = new Map<string, FailedJob & { readonly payload: Payload }>();
  readonly #schedules = new Map<string, { everyMs: number; timer: Timer }>();
  readonly #pauses = new Set<Timer>();
  readonly #due: DueRuns;
  #started = false;
  #closed = false;

  constructor(now?: () => number) {
    this.#due = new DueRuns(now);
  }

  handle(name: string, handler: JobHandler, options: JobOptions): void {
    this.#handlers.add(name, handler, options);
  }

  async schedule(name: string, everyMs: number): Promise<void> {
    this.#refuseWhenClosed();
    this.#handlers.of(name);
    const earlier = this.#schedules.get(name);
    if (earlier?.everyMs === everyMs) return;
    earlier?.timer.stop();
    const timer = new Timer();
    this.#schedules.set(name, { everyMs, timer });
    this.#due.scheduled(name, everyMs);
    const tick = () => {
      timer.start(everyMs, tick);
      this.#add({ name, id: `${name}/scheduled`, payload: {}, attempts: 0 });
    };
    tick();
  }

  async enqueue(name: string, key: string, payload: Payload): Promise<void> {
    this.#refuseWhenClosed();
    this.#handlers.of(name);
    this.#add({ name, id: `${name}/key-${encodeURIComponent(key)}`, payload, attempts: 0 });
  }

  async failed(): Promise<FailedJob[]> {
    return [...this.#failed.values()].map(({ payload: _, ...failed }) => failed);
  }

  async retry(id: string): Promise<boolean> {
    this.#refuseWhenClosed();
    const failed = this.#failed.get(id);
    if (!failed) return false;
    this.#add({ name: failed.name, id, payload: failed.payload, attempts: 0 });
    return true;
  }

  async start(): Promise<void> {
    this.#refuseWhenClosed();
    this.#started = true;
    for (const name of this.#waiting.keys()) this.#runNext(name);
  }

  async check(): Promise<void> {
    this.#refuseWhenClosed();
    const job = this.#started ? this.#due.overdue() : undefined;
    if (job !== undefined) throw new Failure('jobs-overdue', { job });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer } of this.#schedules.values()) timer.stop();
    for (const timer of this.#pauses) timer.stop();
    await Promise.all(this.#running.values());
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Failure('closed');
  }

  #add(job: Job): void {
    if (this.#alive.has(job.id)) return;
    this.#alive.add(job.id);
    this.#failed.delete(job.id);
    this.#wait(job);
  }

  #wait(job: Job): void {
    const line = this.#waiting.get(job.name) ?? [];
    this.#waiting.set(job.name, line);
    line.push(job);
    this.#runNext(job.name);
  }

  #runNext(name: string): void {
    if (!this.#started || this.#closed || this.#running.has(name)) return;
    const job = this.#waiting.get(name)?.shift();
    if (!job) return;
    this.#due.running(name);
    const run = this.#attempt(job, this.#handlers.of(name)).finally(() => {
      this.#due.ended(name);
      this.#running.delete(name);
      this.#runNext(name);
    });
    this.#running.set(name, run);
  }

  async #attempt(job: Job, { handler, options }: HandledJob): Promise<void> {
    job.attempts++;
    try {
      await handler(job.payload);
      this.#alive.delete(job.id);
    } catch (thrown) {
      const last = !isRetryable(thrown) || job.attempts >= options.attempts;
      if (last) this.#fail(job, reasonOf(thrown));
      else this.#attemptAgain(job, options.backoffMs * 2 ** (job.attempts - 1));
    }
  }

  #attemptAgain(job: Job, afterMs: number): void {
    if (this.#closed) return;
    const timer = new Timer();
    this.#pauses.add(timer);
    timer.start(afterMs, () => {
      this.#pauses.delete(timer);
      this.#wait(job);
    });
  }

  #fail({ id, name, attempts, payload }: Job, reason: string): void {
    this.#alive.delete(id);
    this.#failed.set(id, { id, name, attempts, reason, payload });
    for (const oldest of this.#failed.keys()) {
      if (this.#failed.size <= MAX_FAILED) break;
      this.#failed.delete(oldest);
    }
  }
}

/** A timer for any length of time. */
class Timer {
  #handle: NodeJS.Timeout | undefined;

  start(ms: number, then: () => void): void {
    const step = Math.min(ms, LONGEST_TIMER_MS);
    this.#handle = setTimeout(() => (step < ms ? this.start(ms - step, then) : then()), step);
  }

  stop(): void {
    clearTimeout(this.#handle);
  }
}
