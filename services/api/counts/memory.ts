/** By how much it holds; what was asked for longest ago is forgotten, and the newest is always there. */
export class Memory<V> {
  readonly #most: number;
  readonly #sizeOf: (value: V) => number;
  readonly #known = new Map<string, Promise<V>>();
  readonly #sizes = new Map<string, number>();
  #held = 0;

  constructor(most: number, sizeOf: (value: V) => number) {
    this.#most = most;
    this.#sizeOf = sizeOf;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  /** What could not be read is asked for again. */
  add(key: string, value: Promise<V>): void {
    this.#known.set(key, value);
    value.then(
      (read) => this.#keep(key, this.#sizeOf(read)),
      () => this.#known.delete(key),
    );
  }

  /** Of what was added and is not forgotten: ask {@link has} in the same breath. */
  get(key: string): Promise<V> {
    const value = this.#known.get(key) as Promise<V>;
    this.#known.delete(key);
    this.#known.set(key, value);
    return value;
  }

  /** What is known, or what `read` gives, once for whoever asks meanwhile. */
  of(key: string, read: () => Promise<V>): Promise<V> {
    if (!this.has(key)) this.add(key, read());
    return this.get(key);
  }

  #keep(key: string, size: number): void {
    this.#held += size - (this.#sizes.get(key) ?? 0);
    this.#sizes.set(key, size);
    for (const oldest of this.#known.keys()) {
      if (this.#held <= this.#most) return;
      if (oldest === key || !this.#sizes.has(oldest)) continue;
      this.#held -= this.#sizes.get(oldest) ?? 0;
      this.#known.delete(oldest);
      this.#sizes.delete(oldest);
    }
  }
}
