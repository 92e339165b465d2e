import { setTimeout as sleep } from 'node:timers/promises';
import type { Period } from '../../schemas/period.ts';
import { AGGREGATOR_GROUP, runAggregator } from '../aggregator/aggregator.ts';
import { Merger } from '../aggregator/merger.ts';
import { aggregatorMetrics, lagMetric } from '../aggregator/metrics.ts';
import type { CloseProgress } from '../ports/close-progress.ts';
import type { FactMerger } from '../ports/fact-merger.ts';
import type { FactTable } from '../ports/fact-table.ts';
import type { LogConsumer } from '../ports/log-consumer.ts';
import type { LogLag } from '../ports/log-lag.ts';
import { hasReached } from '../releases/close/progress.ts';
import { describeFailure, Failure } from '../shared/failure.ts';
import type { Shared } from './environment.ts';
import type { Working } from './role.ts';

export interface AggregateRoleDeps extends Shared {
  readonly log: LogConsumer & LogLag;
  readonly counts: FactTable & FactMerger;
  readonly releases: CloseProgress;
}

/** Moves blocks from the log to the facts tables, and merges what it has inserted. */
export function aggregate({ log, counts, releases, config, clock, journal, registry }: AggregateRoleDeps): Working {
  lagMetric(registry, log, clock);
  const progress = { releases };
  const isClosing = (period: Period) => hasReached('CLOSING', period, progress);
  const merger = new Merger({ store: counts, isClosing, journal, percent: config.mergePercent });
  const deps = {
    log,
    store: counts,
    isClosed: (period: Period) => hasReached('DRAINED', period, progress),
    onInserted: (period: Period) => merger.inserted(period),
    metrics: aggregatorMetrics(registry),
    journal,
  };
  const stop = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  let ended = false;
  return {
    async run() {
      const consuming = runAggregator(deps, stop.signal).catch((thrown: unknown) => {
        // Consuming retries by itself: when it ends, this process can only be restarted.
        journal.error('consuming ended', describeFailure(thrown));
        ended = true;
      });
      running = Promise.all([consuming, merger.run(stop.signal)]);
    },
    async close() {
      stop.abort();
      await running;
    },
    checks: [
      {
        name: 'aggregator',
        check: async () => {
          if (ended) throw new Failure('consuming-ended');
        },
      },
    ],
  };
}

/** Resolves when every block that was appended is in the facts table. */
export async function drained(log: LogLag): Promise<void> {
  const pending = async () => {
    const blocks = await Promise.all((await log.periods()).map((period) => log.pending(AGGREGATOR_GROUP, period)));
    return blocks.reduce((sum, n) => sum + n, 0);
  };
  while ((await pending()) > 0) await sleep(50);
}
