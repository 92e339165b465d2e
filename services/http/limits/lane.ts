import { Failure } from '../../shared/failure.ts';

export interface LaneOptions {
  /** Works under way at a time. */
  readonly maxRunning: number;
  /** Works that wait; one more is refused at once. */
  readonly maxWaiting: number;
  /** One that has waited for so long is refused: whoever asked has given up, or is about to. */
  readonly maxWaitMs: number;
  /**
   * After so long the lane lets go of the event loop, for what others are about to do; or, when those have had it for longer
   * since, after as long: what is only read, to be refused, must not keep all that was taken from being done.
   */
  readonly sliceMs: number;
  /**
   * A line that stands for `sinceMs` takes nothing more as long as its first has waited for `waitMs`, and twice
   * that is then the longest wait: a burst is taken whole, and of what comes for good as much as is done soon.
   */
  readonly standing?: { readonly sinceMs: number; readonly waitMs: number };
  /**
   * A line of so many is never refused while there is a place: it is short, and old only because the whole process had
   * no processor for a while, on a host that others use.
   */
  readonly few?: number;
  /** Whether others go first now: then works have the event loop for a quarter of the time. */
  readonly givesWay?: () => boolean;
  readonly now?: () => number;
}

/** Of a lane that gives way: the slices are short, and others have the event loop for so many times as long. */
const GIVING_WAY = { sliceMs: 1, rest: 3 } as const;
const LONGEST_SLICE_MS = 250;
/** A line that is empty for a shorter time goes on standing: it is so because others were refused. */
const CALM_MS = 250;
/** How much of what a work takes is believed of the last slice alone. */
const NEWEST = 0.2;

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
  readonly refuse: (failure: Failure) => void;
  readonly gone: () => boolean;
}

/**
 * A bounded queue: what cannot be done in time is refused while that is still cheap, and what nobody waits for any more
 * is not begun. Refusals are `busy` and `caller-gone`.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  /** Since when there is a line, and when it was last empty. */
  #stood = 0;
  #emptyAt = Number.NEGATIVE_INFINITY;
  /** When the last slice ended, and until when there is none. */
  #letGoAt = 0;
  #restsUntil = 0;
  /** Milliseconds of the event loop that a work takes, what follows of it by promises included. */
  #each = 0;
  #pumping = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether one more would be refused. */
  get full(): boolean {
    return this.#waiting.length >= this.#options.maxWaiting || (!this.#isShort(1) && this.#standsTooLong());
  }

  /** Whether there is work under way or waiting. */
  get busy(): boolean {
    return this.#running > 0 || this.#waiting.length > 0;
  }

  /** With so many more. */
  #isShort(more = 0): boolean {
    const { maxRunning, few = 0 } = this.#options;
    return this.#running < maxRunning && this.#waiting.length + more <= few;
  }

  #standsTooLong(): boolean {
    const { standing } = this.#options;
    const [first] = this.#waiting;
    if (!standing || !first) return false;
    const now = this.#now();
    return this.#stands(now) && now - first.since >= standing.waitMs;
  }

  #stands(now: number): boolean {
    const { standing } = this.#options;
    return standing !== undefined && this.#waiting.length > 0 && now - this.#stood >= standing.sinceMs;
  }

  /** `gone`: whether whoever asked is not there any more. */
  run<T>(work: () => Promise<T>, gone: () => boolean = () => false): Promise<T> {
    if (this.full) return Promise.reject(new Failure('busy'));
    return new Promise((resolve, refuse) => {
      const begin = () => {
        this.#running++;
        void work()
          .then(resolve, refuse)
          .finally(() => {
            this.#running--;
            this.#pump();
          });
      };
      const since = this.#now();
      if (this.#waiting.length === 0 && since - this.#emptyAt > CALM_MS) this.#stood = since;
      this.#waiting.push({ since, begin, refuse, gone });
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#pumping || this.#waiting.length === 0) return;
    this.#pumping = true;
    const rest = this.#restsUntil - this.#now();
    if (rest > 0) setTimeout(() => this.#slice(), rest);
    else this.#slice();
  }

  /** Two turns, one behind the other: between them runs all that the works do by promises. */
  #slice(): void {
    let [began, begun] = [0, 0];
    setImmediate(() => {
      began = this.#now();
      begun = this.#begin(began);
    });
    setImmediate(() => {
      this.#pumping = false;
      this.#letGoAt = this.#now();
      const took = this.#letGoAt - began;
      if (begun > 0) this.#each += (took / begun - this.#each) * NEWEST;
      if (this.#givesWay()) this.#restsUntil = this.#letGoAt + GIVING_WAY.rest * took;
      if (this.#running < this.#options.maxRunning) this.#pump();
    });
  }

  /** How many were begun. */
  #begin(now: number): number {
    this.#refuseLate(now);
    const sliceMs = this.#sliceMs(now);
    let begun = 0;
    while (this.#running < this.#options.maxRunning && this.#waiting.length > 0) {
      if (this.#now() - now >= sliceMs || begun * this.#each >= sliceMs) return begun;
      const next = this.#waiting.shift() as Waiting;
      begun++;
      if (next.gone()) next.refuse(new Failure('caller-gone'));
      else next.begin();
    }
    if (this.#waiting.length === 0) this.#emptyAt = this.#now();
    // All places are taken, perhaps by what hangs: who waits is told all the same.
    else this.#sweep ??= setTimeout(() => this.#swept(), this.#options.maxWaitMs / 4);
    return begun;
  }

  #sliceMs(now: number): number {
    const [first] = this.#waiting;
    // Idle time is nobody's.
    const others = Math.min(now - Math.max(this.#letGoAt, first?.since ?? now), LONGEST_SLICE_MS);
    return this.#givesWay()
      ? Math.max(GIVING_WAY.sliceMs, others / GIVING_WAY.rest)
      : Math.max(this.#options.sliceMs, others);
  }

  #givesWay(): boolean {
    return this.#options.givesWay?.() ?? false;
  }

  #swept(): void {
    this.#sweep = undefined;
    this.#refuseLate(this.#now());
    this.#pump();
    if (this.#waiting.length > 0) this.#sweep ??= setTimeout(() => this.#swept(), this.#options.maxWaitMs / 4);
  }

  #refuseLate(now: number): void {
    const { standing, maxWaitMs } = this.#options;
    const longest = standing && this.#stands(now) ? 2 * standing.waitMs : maxWaitMs;
    while (this.#waiting[0] && now - this.#waiting[0].since > longest && !this.#isShort()) {
      this.#waiting.shift()?.refuse(new Failure('busy'));
      // A line that is empty because all of it was refused goes on standing.
      if (this.#waiting.length === 0) this.#emptyAt = now;
    }
  }
}
