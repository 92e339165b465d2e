import type { Redis } from 'ioredis';
import type { Log } from '../../shared/log.ts';
import type { DueRuns } from '../due-runs.ts';

/** Whoever takes a turn has this long to add its job: then somebody else may. */
const CLAIM_MS = 10_000;
const AGAIN_MS = 2_000;
/** A turn that comes this much too early was not over: Redis has lost it. */
const EARLY_MS = 2_000;

export interface SchedulesDeps {
  readonly redis: Redis;
  readonly prefix: string;
  /** However long the interval is: what Redis has lost is put back after about this long. */
  readonly lookMs: number;
  /** Has a run of the job waiting, unless one waits or runs already. Says whether one runs. */
  readonly add: (name: string) => Promise<'runs' | 'waits'>;
  readonly due: DueRuns;
  readonly journal: Log;
}

/**
 * Has jobs run at intervals. Every process that does jobs looks again and again whether a turn is due, and takes it by
 * a key that expires with the interval: one of them adds the job. Nothing else is kept. So a Redis that was emptied or
 * lost a key has everything back at the next look, and no host's clock, wrong or put right, says when a job is due.
 */
export class Schedules {
  readonly #deps: SchedulesDeps;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** By performance.now(): until when the turn was taken, when it was last looked at. */
  readonly #takenUntil = new Map<string, number>();
  readonly #runs = new Map<string, string | null>();
  #closed = false;

  constructor(deps: SchedulesDeps) {
    this.#deps = deps;
  }

  /** Rejects when Redis does not take it. A newer interval replaces an older one, whoever had that. */
  async begin(name: string, everyMs: number): Promise<void> {
    const { redis, due } = this.#deps;
    clearTimeout(this.#timers.get(name));
    const taken = await redis.get(this.#turnOf(name));
    if (taken !== null && taken !== String(everyMs)) await redis.del(this.#turnOf(name));
    this.#takenUntil.delete(name);
    due.scheduled(name, everyMs);
    this.#lookIn(await this.#look(name, everyMs), name, everyMs);
  }

  stop(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** For the processes that did not do it themselves. */
  async ended(name: string): Promise<void> {
    this.#deps.due.ended(name);
    await this.#deps.redis.incr(this.#runsOf(name));
  }

  #lookIn(ms: number, name: string, everyMs: number): void {
    if (this.#closed) return;
    const look = async () => {
      const next = await this.#look(name, everyMs).catch(() => Math.min(everyMs, AGAIN_MS));
      this.#lookIn(next, name, everyMs);
    };
    this.#timers.set(
      name,
      setTimeout(() => void look(), ms),
    );
  }

  /** Resolves to how long it is until the next look. */
  async #look(name: string, everyMs: number): Promise<number> {
    const { redis, add, due, lookMs } = this.#deps;
    await this.#hearOfRuns(name);
    const claimMs = Math.min(everyMs, CLAIM_MS);
    if ((await redis.set(this.#turnOf(name), everyMs, 'PX', claimMs, 'NX')) === null)
      return this.#untilDue(name, everyMs);
    this.#tellOfLoss(name);
    if ((await add(name)) === 'runs') due.running(name);
    if (claimMs < everyMs) await redis.pexpire(this.#turnOf(name), everyMs);
    this.#takenUntil.set(name, performance.now() + everyMs);
    return Math.min(everyMs, lookMs);
  }

  async #untilDue(name: string, everyMs: number): Promise<number> {
    const { redis, lookMs } = this.#deps;
    const leftMs = await redis.pttl(this.#turnOf(name));
    // Redis keeps the moment of expiry: where its clock was put back that is too far away, and is ignored.
    if (leftMs > everyMs || leftMs === -1) await redis.del(this.#turnOf(name));
    if (leftMs <= 0 || leftMs > everyMs) return 1;
    this.#takenUntil.set(name, performance.now() + leftMs);
    return Math.min(leftMs + 1, lookMs);
  }

  async #hearOfRuns(name: string): Promise<void> {
    const { redis, due } = this.#deps;
    const runs = await redis.get(this.#runsOf(name));
    const before = this.#runs.get(name);
    this.#runs.set(name, runs);
    if (before !== undefined && runs !== null && runs !== before) due.ended(name);
  }

  #tellOfLoss(name: string): void {
    if (performance.now() > (this.#takenUntil.get(name) ?? 0) - EARLY_MS) return;
    this.#deps.journal.warn('Redis has lost a schedule, which is put back: was it emptied, or does it evict?', {
      job: name,
    });
  }

  #turnOf(name: string): string {
    return `${this.#deps.prefix}-turn:${name}`;
  }

  #runsOf(name: string): string {
    return `${this.#deps.prefix}-runs:${name}`;
  }
}
