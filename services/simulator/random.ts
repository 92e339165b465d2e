const UINT32 = 0x1_0000_0000;

/**
 * A repeatable stream of numbers: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state. The seed and two stream
 * numbers ARE the state, so different streams never begin alike: tokens made from them do not collide.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0, substream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = substream | 0;
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
    return this.uint32() / UINT32;
  }

  /** A whole number from `least` to `most`, both possible. */
  int(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)]!;
  }

  /** Each item as likely as its weight says. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let rest = this.unit() * items.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of items) {
      rest -= weightOf(item);
      if (rest < 0) return item;
    }
    return items.at(-1)!;
  }

  /** Log-normal with this median; `sigma` is the standard deviation of the logarithm. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.unit()));
  }

  /** `total` things in at most `parts` heaps of at least one, in random proportions. */
  split(total: number, parts: number): number[] {
    const heaps: number[] = [];
    for (let left = total; left > 0; ) {
      const last = heaps.length === parts - 1;
      const heap = last ? left : Math.min(left, Math.max(1, Math.round(left * (0.35 + 0.5 * this.unit()))));
      heaps.push(heap);
      left -= heap;
    }
    return heaps;
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.uint32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  /** 32 bytes in base64url: what a site uses as its token for a month. */
  token(): string {
    return Buffer.from(this.hex(64), 'hex').toString('base64url');
  }
}
