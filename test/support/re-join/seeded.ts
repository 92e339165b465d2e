import { Random } from '../../../services/simulator/random.ts';

/** The simulator's stream of numbers with what the attacks draw, so that a measured hit rate is the same in every run. */
export class Seeded extends Random {
  constructor(seed: number, stream = 0) {
    super(seed, stream, 0x9e3779b9);
  }

  /** A whole number under `end`. */
  below(end: number): number {
    return Math.floor(this.unit() * end);
  }

  /** An index, index i with a weight of 1 / (i + 1)^slope: a long tail. */
  zipf(length: number, slope: number): number {
    const weights = Array.from({ length }, (_, i) => (i + 1) ** -slope);
    let rest = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [i, weight] of weights.entries()) {
      rest -= weight;
      if (rest < 0) return i;
    }
    return length - 1;
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = items[i] as T;
      items[i] = items[j] as T;
      items[j] = held;
    }
    return items;
  }

  /** 32 bytes, as a site makes them for a month. */
  override token(): string {
    return Buffer.from(Array.from({ length: 32 }, () => this.below(256))).toString('base64url');
  }
}
