import type { DeadLetterReason } from '../../schemas/dead-letter.ts';
import type { Period } from '../../schemas/period.ts';
import type { Block } from '../ports/block.ts';
import type { FactTable } from '../ports/fact-table.ts';
import type { LogConsumer } from '../ports/log-consumer.ts';
import { describeFailure, failureCodeOf } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';
import { insertBatch } from './insert-batch.ts';

/** The consumer group that the aggregator's positions are committed under. */
export const AGGREGATOR_GROUP = 'aggregator';

/**
 * One insert a second at most, unless this many reports wait (about 8 MB of facts): many small inserts cost the store
 * far more than a second of delay costs anybody.
 */
const BURST = { maxWaitMs: 1_000, minReports: 3_000, maxBytes: 8 * 1024 * 1024 } as const;

/** What is counted of the aggregator's work. */
export interface AggregatorMetrics {
  inserted(batch: readonly Block[]): void;
  skipped(batch: readonly Block[]): void;
  failed(): void;
  deadLetter(reason: DeadLetterReason): void;
}

export interface AggregatorDeps {
  readonly log: LogConsumer;
  readonly store: FactTable;
  /** Whether the period's counts are final: its blocks have been counted, and one that comes again is skipped. */
  readonly isClosed: (period: Period) => Promise<boolean>;
  /** Told of every period that facts were inserted of. */
  readonly onInserted: (period: Period) => void;
  readonly metrics: AggregatorMetrics;
  readonly journal: Log;
}

/** Moves blocks from the log to the facts table until `signal` aborts. A position is committed after its insert. */
export async function runAggregator(deps: AggregatorDeps, signal: AbortSignal): Promise<void> {
  await deps.log.consume(AGGREGATOR_GROUP, (batch) => insertAndCount(batch, deps), { ...BURST, signal });
}

async function insertAndCount(batch: readonly Block[], deps: AggregatorDeps): Promise<void> {
  try {
    const [first] = batch;
    if (first && (await deps.isClosed(first.period))) return deps.metrics.skipped(batch);
    await insertBatch(batch, { ...deps, onDeadLetter: (reason) => deps.metrics.deadLetter(reason) });
    deps.metrics.inserted(batch);
    if (first) deps.onInserted(first.period);
  } catch (thrown) {
    // Closed while the batch was on its way: what comes late is counted no more.
    if (failureCodeOf(thrown) === 'period-closed') return deps.metrics.skipped(batch);
    deps.metrics.failed();
    deps.journal.warn('insert failed, the batch comes again', { blocks: batch.length, ...describeFailure(thrown) });
    throw thrown;
  }
}
