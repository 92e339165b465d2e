import type { PhoneMaker } from './phone-makers.ts';

/** What can be bought in a month of a run. */
export interface Market {
  /** Since the run began; the first month is 0. */
  readonly month: number;
  readonly makers: readonly PhoneMaker[];
}
