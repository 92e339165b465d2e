import type { Period } from '../../schemas/period.ts';

/** What the log holds and how far a consumer group has come. */
export interface LogLag {
  /** Periods of which the log holds anything, oldest first. */
  periods(): Promise<Period[]>;
  /** Blocks of `period` appended and not yet committed by `group`. */
  pending(group: string, period: Period): Promise<number>;
}
