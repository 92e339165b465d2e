/** A repeatable stream of numbers (sfc32), so that a measured hit rate is the same in every run. */
export class Seeded {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let i = 0; i < 16; i++) this.uint32();
  }

  uint32(): number {
    const out = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + out) | 0;
    return out >>> 0;
  }

  /** In [0, 1). */
  unit(): number {
    return this.uint32() / 2 ** 32;
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

  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.unit()));
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
  token(): string {
    return Buffer.from(Array.from({ length: 32 }, () => this.below(256))).toString('base64url');
  }
}
