import type { DeadLetterReason } from '../../schemas/dead-letter.ts';
import type { Block } from '../ports/block.ts';
import type { FactTable } from '../ports/fact-table.ts';
import type { LogConsumer } from '../ports/log-consumer.ts';
import { Failure } from '../shared/failure.ts';

export interface InsertDeps {
  readonly store: FactTable;
  readonly log: Pick<LogConsumer, 'deadLetter'>;
  readonly onDeadLetter: (reason: DeadLetterReason) => void;
}

/**
 * Inserts a batch of one period. A block that fails the byte scan, or that the store rejects for its content, is set
 * aside; everything else is inserted. Any other failure is thrown, so that the whole batch comes again: nothing is
 * skipped because the store is down.
 */
export async function insertBatch(batch: readonly Block[], deps: InsertDeps): Promise<void> {
  if (batch.length === 0) return;
  try {
    await deps.store.insertFacts(batch);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    if (thrown.code === 'malformed-block') return setAside(batch, Number(thrown.detail.index), 'malformed', deps);
    if (thrown.code === 'store-rejected') return bisect(batch, deps);
    throw thrown;
  }
}

async function setAside(
  batch: readonly Block[],
  index: number,
  reason: DeadLetterReason,
  deps: InsertDeps,
): Promise<void> {
  const bad = batch[index];
  if (!bad) throw new Failure('no-such-block', { index });
  // The good ones first: if this is interrupted the batch comes again, and inserting twice counts once.
  await insertBatch(batch.toSpliced(index, 1), deps);
  await deps.log.deadLetter(bad, reason);
  deps.onDeadLetter(reason);
}

/** The store does not say which block it rejected: halves until one is left. */
async function bisect(batch: readonly Block[], deps: InsertDeps): Promise<void> {
  if (batch.length === 1) return setAside(batch, 0, 'rejected-by-store', deps);
  const middle = Math.ceil(batch.length / 2);
  await insertBatch(batch.slice(0, middle), deps);
  await insertBatch(batch.slice(middle), deps);
}
