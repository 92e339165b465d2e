import type { Clock } from '../../shared/clock.ts';

interface Reading<T> {
  readonly began: number;
  readonly value: Promise<T>;
}

/**
 * What a store holds, read again when the last reading is older than asked for. Readers share a reading under way, and
 * the next is begun while the last is still good: in a busy process nobody waits for it.
 */
export class RefreshAheadCache<T> {
  readonly #load: () => Promise<T>;
  readonly #clock: Clock;
  #last: Reading<T> | undefined;
  #ahead: Reading<T> | undefined;

  constructor(load: () => Promise<T>, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
  }

  /** Not older than `maxAgeMs`, counted from when its reading began. Rejects as the store does: nothing older is served. */
  get(maxAgeMs: number): Promise<T> {
    const now = this.#clock.now();
    const age = now - (this.#last?.began ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back says nothing about age.
    if (!this.#last || age < 0 || age > maxAgeMs) return this.#readNow(now);
    if (age > maxAgeMs / 2) this.#readAhead(now);
    return this.#last.value;
  }

  /** The next `get` reads anew: this process has written. */
  forget(): void {
    this.#last = undefined;
    this.#ahead = undefined;
  }

  #readNow(began: number): Promise<T> {
    const reading = { began, value: this.#load() };
    this.#last = reading;
    reading.value.catch(() => {
      if (this.#last === reading) this.#last = undefined;
    });
    return reading.value;
  }

  #readAhead(began: number): void {
    if (this.#ahead) return;
    const reading = { began, value: this.#load() };
    this.#ahead = reading;
    const done = (good: boolean) => {
      // Forgotten or overtaken meanwhile: then it is of no use.
      if (this.#ahead !== reading) return;
      this.#ahead = undefined;
      if (good && (this.#last?.began ?? 0) < began) this.#last = reading;
    };
    reading.value.then(
      () => done(true),
      () => done(false),
    );
  }
}
