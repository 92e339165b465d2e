import type { Period } from '../../schemas/period.ts';

/** For whoever checks that nothing of them is left once they are destroyed. */
export interface FactKeys {
  /** The key of every fact of the period, each once. A period without facts has none. */
  factKeys(period: Period): Promise<number[]>;
}
