/** So long the event loop may be kept from others. */
const SLICE_MS = 4;

/** For work of many steps on the event loop. */
export class Turns {
  #began = performance.now();

  /** To be awaited after each step: gives others their turn when they have waited for long enough. */
  async letOthers(): Promise<void> {
    if (performance.now() - this.#began < SLICE_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
