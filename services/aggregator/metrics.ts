import { Counter, type Registry } from 'prom-client';
import type { LogLag } from '../ports/log-lag.ts';
import type { Clock } from '../shared/clock.ts';
import { lastKnownGauge } from '../shared/last-known-gauge.ts';
import { AGGREGATOR_GROUP, type AggregatorMetrics } from './aggregator.ts';

export function aggregatorMetrics(registry: Registry): AggregatorMetrics {
  const registers = [registry];
  const facts = new Counter({
    name: 'rollcall_facts_inserted_total',
    help: 'Facts inserted, repeats included',
    registers,
  });
  const blocks = new Counter({
    name: 'rollcall_blocks_inserted_total',
    help: 'Blocks inserted, repeats included',
    registers,
  });
  const skipped = new Counter({
    name: 'rollcall_blocks_skipped_total',
    help: 'Blocks of closed periods that came again',
    registers,
  });
  const failures = new Counter({
    name: 'rollcall_insert_failures_total',
    help: 'Batches that the store did not take',
    registers,
  });
  const dead = new Counter({
    name: 'rollcall_dead_letters_total',
    help: 'Blocks set aside, by reason',
    labelNames: ['reason'],
    registers,
  });
  return {
    inserted(batch) {
      blocks.inc(batch.length);
      facts.inc(batch.reduce((sum, block) => sum + block.facts, 0));
    },
    skipped: (batch) => skipped.inc(batch.length),
    failed: () => failures.inc(),
    deadLetter: (reason) => dead.inc({ reason }),
  };
}

/** Lag: blocks appended and not yet in the facts table, per period. */
export function lagMetric(registry: Registry, log: LogLag, clock: Clock): void {
  lastKnownGauge(registry, {
    name: 'rollcall_log_pending_blocks',
    help: 'Blocks appended and not yet counted',
    label: 'period',
    clock,
    async read() {
      const periods = await log.periods();
      const pending = await Promise.all(periods.map((period) => log.pending(AGGREGATOR_GROUP, period)));
      return new Map(periods.map((period, i) => [period, pending[i] ?? 0]));
    },
  });
}
