/** What was opened is closed in the reverse order, each once, also when one of them fails. */
export class Resources {
  #closers: (() => Promise<void>)[] = [];

  add<T extends { close(): Promise<unknown> }>(resource: T): T {
    this.onClose(async () => void (await resource.close()));
    return resource;
  }

  onClose(closer: () => Promise<void>): void {
    this.#closers.push(closer);
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop())
      try {
        await closer();
      } catch (failure) {
        failures.push(failure);
      }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  }
}
