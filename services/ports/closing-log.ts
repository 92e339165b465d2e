import type { Period } from '../../schemas/period.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { LogLag } from './log-lag.ts';

/** The log as a close sees it: it waits until a period's blocks are counted, then has them destroyed. */
export interface ClosingLog extends LogLag, DeadLetters {
  /** Leaves no byte of `period` behind, dead letters included. A period that is not there is no error. */
  destroy(period: Period): Promise<void>;
}
