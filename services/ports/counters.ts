import type { Resource } from './resource.ts';

/** A number that may not pass its limit. `name` is a keyed hash: without the key it is nobody's. */
export interface Counted {
  readonly name: string;
  readonly limit: number;
}

/** Numbers that are forgotten by themselves, and nothing else. */
export interface Counters extends Pick<Resource, 'close'> {
  /**
   * Adds one to each of the numbers, or to none when one of them stands at its limit: resolves to that one's place.
   * Of calls at the same moment as many are let through as there is room for. What was added is forgotten `expiresInMs`
   * after the number was last added to.
   */
  take(numbers: readonly Counted[], expiresInMs: number): Promise<number | undefined>;
  /** Takes back what {@link take} added: nothing came of it. */
  giveBack(names: readonly string[]): Promise<void>;
}
