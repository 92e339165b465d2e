import type { Period } from '../../schemas/period.ts';
import type { Transition } from '../../schemas/release.ts';

/** A close that ended in a failure. */
export interface CloseFailure {
  readonly period: Period;
  readonly at: number;
  /** The failure's code. */
  readonly code: string;
}

/** How far the closes of periods have come. */
export interface CloseProgress {
  /** Oldest period first, in the order of the steps. */
  transitions(): Promise<Transition[]>;
  /** The newest of each period. */
  closeFailures(): Promise<CloseFailure[]>;
}

/**
 * As a close writes it: rows are only ever added. Every process of an installation shares them, and what one has
 * written, a later read of any other finds. `place-taken-twice` where two rows have a place that only one can.
 */
export interface CloseProgressStore extends CloseProgress {
  /**
   * True when the transition has its place, also when it took it before; false, and nothing is written, when another
   * has it.
   */
  addTransition(transition: Transition): Promise<boolean>;
  addCloseFailure(failure: CloseFailure): Promise<void>;
}
