import type { Period } from '../../schemas/period.ts';
import { GRACE_MS, periodEnd } from '../core/period.ts';
import type { CloseProgress } from '../ports/close-progress.ts';
import type { OtherClock } from '../ports/other-clock.ts';
import { type Clock, pause } from '../shared/clock.ts';
import { describeFailure, Failure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';
import { settledWithin } from '../shared/settled-within.ts';

/** What a process that takes reports knows of the months that others close, or itself. */
export interface KnownCloses {
  /** Whether the period's close has begun, as far as is known here. */
  hasBegun(period: Period): boolean;
  /**
   * To be asked when a report's facts are durable and before it is answered: resolves to whether they will be counted.
   * False when the close has begun; throws `closes-unknown` (again later) where that cannot be known now.
   */
  stillOpen(period: Period): Promise<boolean>;
}

/** Of a process that closes its months itself, or that nobody closes any beside. */
export class OwnCloses implements KnownCloses {
  readonly #begun: Set<Period>;

  constructor(begun: Iterable<Period> = []) {
    this.#begun = new Set(begun);
  }

  begin(period: Period): void {
    this.#begun.add(period);
  }

  hasBegun(period: Period): boolean {
    return this.#begun.has(period);
  }

  async stillOpen(period: Period): Promise<boolean> {
    return !this.hasBegun(period);
  }
}

/** Periods whose close has begun. */
export async function begunCloses(releases: CloseProgress): Promise<Set<Period>> {
  return new Set((await releases.transitions()).map(({ period }) => period));
}

export interface SharedClosesOptions {
  readonly releases: CloseProgress;
  /** Of the store, which whoever closes has compared its own with. */
  readonly storeClock: OtherClock;
  readonly clock: Clock;
  readonly journal: Log;
  /** When the store was last read by a process of this machine that has ended, if that is remembered. */
  readonly readBefore?: () => number | undefined;
  readonly everyMs?: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed?: () => number;
}

const EVERY_MS = 5_000;
const AGAIN_MS = 1_000;
const CLOSE_MS = 1_000;
const READ_MS = 5_000;
/** As much as the clocks of an installation may differ: see the close's own look. */
const MOST_SKEW_MS = 5 * 60_000;
/** In the last hour of its grace a period is asked for: an append may take minutes. */
const LAST_MS = 60 * 60_000;

const LATELY_MS = 24 * 60 * 60_000;

interface Seen {
  readonly begun: ReadonlySet<Period>;
  /** By how much this machine's clock was ahead of the store's, and when that was by either clock of ours. */
  readonly skewMs: number;
  readonly at: number;
  readonly elapsed: number;
}

/**
 * Closes that other processes write into the store. It is looked there every few seconds; and where this machine's clock
 * may be wrong, or the grace is nearly over, again for what has just been appended: a close that is not written down by
 * then counts it, because it looks into the log afterwards.
 */
export class SharedCloses implements KnownCloses {
  readonly #options: Required<SharedClosesOptions>;
  readonly #stop = new AbortController();
  readonly #looking: Promise<void>;
  #seen: Seen | undefined;
  #next: Promise<Seen> | undefined;
  #current: Promise<unknown> = Promise.resolve();

  constructor(options: SharedClosesOptions) {
    this.#options = {
      everyMs: EVERY_MS,
      elapsed: () => performance.now(),
      readBefore: () => undefined,
      ...options,
    };
    this.#looking = this.#lookAgain();
  }

  hasBegun(period: Period): boolean {
    return this.#seen?.begun.has(period) ?? false;
  }

  async stillOpen(period: Period): Promise<boolean> {
    if (this.#mayTrust(period)) return !this.hasBegun(period);
    const looked = this.#lookAfterNow();
    if (!(await settledWithin(READ_MS, looked))) throw new Failure('closes-unknown');
    const seen = await looked.catch((cause: unknown) => {
      throw new Failure('closes-unknown', {}, { cause });
    });
    return !seen.begun.has(period);
  }

  /** Throws `closes-unknown` while nothing was ever read: then no report can be answered. */
  check(): void {
    if (!this.#seen && !this.#mayGoOn(this.#options.clock.now())) throw new Failure('closes-unknown');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await settledWithin(CLOSE_MS, this.#looking);
  }

  /** Whether nobody can have begun to close the period by now, by clocks that agreed when they were last compared. */
  #mayTrust(period: Period): boolean {
    const seen = this.#seen;
    const now = this.#options.clock.now();
    if (now > periodEnd(period) + GRACE_MS - LAST_MS) return false;
    if (!seen) return this.#mayGoOn(now);
    const leapt = now - seen.at - (this.#options.elapsed() - seen.elapsed);
    return Math.abs(seen.skewMs + leapt) <= MOST_SKEW_MS;
  }

  /** A process that began while the store is away goes on where another ended lately. */
  #mayGoOn(now: number): boolean {
    const before = this.#options.readBefore();
    return before !== undefined && now >= before && now - before <= LATELY_MS;
  }

  /** A look that begins now or later: all who ask while one is under way share the next. */
  #lookAfterNow(): Promise<Seen> {
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      const look = this.#look();
      this.#current = look.catch(() => {});
      return look;
    });
    return this.#next;
  }

  async #look(): Promise<Seen> {
    const { clock, elapsed, releases, storeClock } = this.#options;
    const begun = await begunCloses(releases);
    const [at, before] = [clock.now(), elapsed()];
    const store = await storeClock.now();
    // The store answered somewhere between the two.
    const skewMs = at + (elapsed() - before) / 2 - store;
    this.#seen = { begun, skewMs, at, elapsed: before };
    return this.#seen;
  }

  async #lookAgain(): Promise<void> {
    const { everyMs, journal } = this.#options;
    let [failing, skewed] = [false, false];
    while (!this.#stop.signal.aborted) {
      try {
        const { skewMs } = await this.#lookAfterNow();
        failing = false;
        const differs = Math.abs(skewMs) > MOST_SKEW_MS;
        if (differs && !skewed)
          journal.warn("this machine's clock and the store's differ: set them", {
            seconds: Math.round(skewMs / 1_000),
          });
        skewed = differs;
      } catch (thrown) {
        if (!failing) journal.warn('closes of months cannot be read', describeFailure(thrown));
        failing = true;
      }
      await pause(failing ? AGAIN_MS : everyMs, this.#stop.signal);
    }
  }
}
