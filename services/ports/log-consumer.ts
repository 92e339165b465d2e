import type { DeadLetterReason } from '../../schemas/dead-letter.ts';
import type { Block } from './block.ts';

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

/** Where the aggregator takes blocks from. */
export interface LogConsumer {
  /**
   * Hands over batches of blocks of one period each, oldest first, at least once: a batch whose handler rejects
   * comes again, after a pause. When the handler resolves the batch is committed and its records are removed from
   * the log (Kafka: within the hour). Blocks of a period that first appears while consuming are handed over too.
   */
  consume(group: string, handle: (batch: readonly Block[]) => Promise<void>, options: ConsumeOptions): Promise<void>;
  /** Sets a block aside, durably. */
  deadLetter(block: Block, reason: DeadLetterReason): Promise<void>;
}
