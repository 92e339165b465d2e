import type { Clock } from '../../shared/clock.ts';

export interface Verdict {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Until the bucket is full again. */
  readonly fullInSeconds: number;
  /** Until there is a token: 0 when there is one. */
  readonly retryInSeconds: number;
}

/**
 * A bucket for each party: it holds as many tokens as a minute allows and fills evenly. Memory is bounded: of too many
 * parties the one that has been quiet longest is forgotten, which to it is a full bucket.
 */
export class TokenBuckets {
  readonly perMinute: number;
  readonly #clock: Clock;
  readonly #maxParties: number;
  /** By when they were last used: the first is the one to forget. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(perMinute: number, clock: Clock, maxParties = 50_000) {
    this.perMinute = perMinute;
    this.#clock = clock;
    this.#maxParties = maxParties;
  }

  get parties(): number {
    return this.#buckets.size;
  }

  take(party: string): Verdict {
    const now = this.#clock.now();
    const tokens = this.#tokensOf(party, now);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#buckets.delete(party);
    if (this.#buckets.size >= this.#maxParties) this.#forgetQuietest();
    this.#buckets.set(party, { tokens: left, at: now });
    const perSecond = this.perMinute / 60;
    return {
      allowed,
      remaining: Math.floor(left),
      fullInSeconds: Math.ceil((this.perMinute - left) / perSecond),
      retryInSeconds: left >= 1 ? 0 : Math.ceil((1 - left) / perSecond),
    };
  }

  #tokensOf(party: string, now: number): number {
    const bucket = this.#buckets.get(party);
    if (!bucket) return this.perMinute;
    const grown = (Math.max(0, now - bucket.at) / 60_000) * this.perMinute;
    return Math.min(this.perMinute, bucket.tokens + grown);
  }

  #forgetQuietest(): void {
    const [quietest] = this.#buckets.keys();
    if (quietest !== undefined) this.#buckets.delete(quietest);
  }
}
