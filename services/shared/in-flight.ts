/** What was begun and is not over yet, so that a close can wait for it. */
export class InFlight {
  readonly #settling = new Set<Promise<void>>();

  /** The promise itself, whose end is waited for. */
  add<P extends Promise<unknown>>(begun: P): P {
    const over = () => void this.#settling.delete(settled);
    const settled: Promise<void> = begun.then(over, over);
    this.#settling.add(settled);
    return begun;
  }

  /** Resolves when all that was begun until now is over, however it ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#settling);
  }
}
