import type { Period } from '../../schemas/period.ts';
import type { FactPeriods } from './fact-periods.ts';

/** still-read: something that was merged away is being read, so it has to be asked again. */
export type MergeOutcome = 'merged' | 'nothing-to-merge' | 'still-read';

/** Makes the places where facts lie tell nothing of which arrived together. */
export interface FactMerger extends FactPeriods {
  /**
   * Merges the period's facts into one part, and its slots into one, and removes what was merged from the disk. A period without facts, or one
   * that is destroyed meanwhile, is no error: there is nothing to merge.
   */
  mergeFacts(period: Period): Promise<MergeOutcome>;
}
