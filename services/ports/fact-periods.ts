import type { Period } from '../../schemas/period.ts';

export interface FactPeriods {
  /** Periods that have facts, oldest first. */
  factPeriods(): Promise<Period[]>;
}
