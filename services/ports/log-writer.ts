import type { Block } from './block.ts';

/**
 * Where ingest puts blocks. Failures are {@link ../shared/failure.ts Failure}s: `log-full` and `log-unavailable` when a
 * block was not taken (it may be appended again), `closed` after close.
 */
export interface LogWriter {
  /** Resolves once the block survives a power cut (Kafka: all in-sync replicas have it). */
  append(block: Block): Promise<void>;
}
