import type { Period } from '../../schemas/period.ts';
import type { FactPeriods } from './fact-periods.ts';

/** Makes the places where facts lie tell nothing of which arrived together. */
export interface FactMerger extends FactPeriods {
  /**
   * Merges the period's facts into one part and removes what was merged from the disk. True when it is so; false when
   * something that was merged is still being read, so that it has to be asked again. A period without facts, or one
   * that is destroyed meanwhile, is no error.
   */
  mergeFacts(period: Period): Promise<boolean>;
}
