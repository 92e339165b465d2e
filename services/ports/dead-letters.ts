import type { DeadLetterReason } from '../../schemas/dead-letter.ts';
import type { Period } from '../../schemas/period.ts';

/** Blocks of one period that were set aside for one reason. */
export interface DeadLetterCount {
  readonly period: Period;
  readonly reason: DeadLetterReason;
  readonly blocks: number;
  readonly facts: number;
}

export interface DeadLetters {
  /** What was set aside, counted by period and reason. Never the blocks themselves. */
  deadLetters(): Promise<DeadLetterCount[]>;
}

/** For an operator who has mended what was wrong with them, or will not. */
export interface DeadLetterDesk extends DeadLetters {
  /** Appends the dead letters of `period` to the log again, then forgets them. Returns how many blocks. */
  replay(period: Period): Promise<number>;
  /** Forgets the dead letters of `period`, uncounted. Returns how many blocks. */
  drop(period: Period): Promise<number>;
}
