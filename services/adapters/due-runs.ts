/** The end of a scheduled run may be late by its interval, and by this at least. */
const GRACE_MS = 60_000;
/** A run that goes on is not missed before. */
const LONGEST_RUN_MS = 30 * 60_000;

interface Watched {
  readonly everyMs: number;
  endedAt: number;
  runningSince: number | undefined;
}

/** Tells whether scheduled jobs run: an answer to a ping says nothing about that. `now` is a clock that nobody sets. */
export class DueRuns {
  readonly #watched = new Map<string, Watched>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  scheduled(name: string, everyMs: number): void {
    this.#watched.set(name, { everyMs, endedAt: this.#now(), runningSince: undefined });
  }

  /** A run is under way, here or elsewhere. */
  running(name: string): void {
    const watched = this.#watched.get(name);
    if (watched) watched.runningSince ??= this.#now();
  }

  /** A run came to its end, whatever that was. */
  ended(name: string): void {
    const watched = this.#watched.get(name);
    if (!watched) return;
    watched.endedAt = this.#now();
    watched.runningSince = undefined;
  }

  /** A job of which no run has ended in time. */
  overdue(): string | undefined {
    const now = this.#now();
    const late = ({ everyMs, endedAt, runningSince = Number.NEGATIVE_INFINITY }: Watched) =>
      now - endedAt > everyMs + Math.max(everyMs, GRACE_MS) && now - runningSince > LONGEST_RUN_MS;
    return [...this.#watched].find(([, watched]) => late(watched))?.[0];
  }
}
