import type { Snapshot } from '../ports/snapshot.ts';

type Prepare = (snapshot: Snapshot) => Promise<void>;

/** What is waited for before a new snapshot is shown: whoever of this process answers from memory reads it first. */
export class BeforeShown {
  readonly #each: Prepare[] = [];

  add(prepare: Prepare): void {
    this.#each.push(prepare);
  }

  async all(snapshot: Snapshot): Promise<void> {
    for (const prepare of this.#each) await prepare(snapshot);
  }
}
