import type { Period } from '../../schemas/period.ts';

/** For an operator who has no copy of what the store lost of an open month. */
export interface FactLoss {
  /**
   * Goes on without parts that cannot be read or were set aside, and lets what is there be all that there is to count.
   * Resolves to how many parts were dropped. Nothing that can be read is dropped.
   */
  acceptLoss(period: Period): Promise<number>;
}
