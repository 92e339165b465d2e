import type { Period } from '../../schemas/period.ts';

/**
 * The facts of all reports of one flush window, shuffled: lines of `JSONCompactEachRow`, each `[…]\n`.
 * Facts travel as bytes from here on; whoever gives them to a database scans them first.
 */
export interface Block {
  readonly period: Period;
  /** Number of lines. */
  readonly facts: number;
  /** Number of reports the lines came from. */
  readonly reports: number;
  readonly bytes: Uint8Array;
}

/** Why a block was set aside. A code, never text from the block. */
export const DEAD_LETTER_REASONS = ['malformed', 'rejected-by-store'] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

export interface DeadLetters {
  readonly period: Period;
  readonly reason: DeadLetterReason;
  readonly blocks: number;
  readonly facts: number;
}

export interface ConsumeOptions {
  /** Wait at most this long for `minReports` before handing over what is there. */
  readonly maxWaitMs: number;
  /** Hand over at once when this many reports are waiting. */
  readonly minReports: number;
  /** No batch holds more bytes than this, unless its only block does. */
  readonly maxBytes: number;
  /** Ends the consumption: the batch in hand is finished, then `consume` returns. */
  readonly signal: AbortSignal;
}

/**
 * An append-only log of blocks with committed positions.
 *
 * Failures are {@link ../shared/failure.ts Failure}s: `log-full` and `log-unavailable` when a block was not taken
 * (it may be appended again), `closed` after close.
 */
export interface FactLog {
  /** Resolves once the block survives a power cut (Kafka: all in-sync replicas have it). */
  append(block: Block): Promise<void>;
  /**
   * Hands over batches of blocks of one period each, oldest first, at least once: a batch whose handler rejects
   * comes again, after a pause. When the handler resolves the batch is committed and its records are removed from
   * the log (Kafka: within the hour). Blocks of a period that first appears while consuming are handed over too.
   */
  consume(group: string, handle: (batch: readonly Block[]) => Promise<void>, options: ConsumeOptions): Promise<void>;
  /** Blocks of `period` appended and not yet committed by `group`. */
  pending(group: string, period: Period): Promise<number>;
  /** Periods of which the log holds anything, oldest first. */
  periods(): Promise<Period[]>;
  /** Sets a block aside, durably. */
  deadLetter(block: Block, reason: DeadLetterReason): Promise<void>;
  /** What was set aside, counted by period and reason. Never the blocks themselves. */
  deadLetters(): Promise<DeadLetters[]>;
  /** Appends the dead letters of `period` to the log again, then forgets them. Returns how many blocks. */
  replay(period: Period): Promise<number>;
  /** Leaves no byte of `period` behind, dead letters included. A period that is not there is no error. */
  destroy(period: Period): Promise<void>;
  /** Resolves when the log can take and give blocks, rejects when not. For readiness. */
  check(): Promise<void>;
  /** Waits for appends in flight, then lets go of every resource. */
  close(): Promise<void>;
}
