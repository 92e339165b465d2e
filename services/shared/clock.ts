/** The only source of time for services: everything else takes it as an argument. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is moved, or let run. For the demo and for tests, never for a server. */
export class SetClock implements Clock {
  #ms: number;
  #pace: { readonly clock: Clock; readonly since: number } | undefined;
  constructor(ms: number) {
    this.#ms = ms;
  }
  now(): number {
    return this.#ms + (this.#pace ? this.#pace.clock.now() - this.#pace.since : 0);
  }
  moveTo(ms: number): void {
    if (ms < this.now()) throw new RangeError('a clock does not run backwards');
    this.#ms = ms;
    if (this.#pace) this.#pace = { clock: this.#pace.clock, since: this.#pace.clock.now() };
  }
  /** From here on it goes as fast as the other. */
  runLike(clock: Clock): void {
    this.#ms = this.now();
    this.#pace = { clock, since: clock.now() };
  }
}

/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
