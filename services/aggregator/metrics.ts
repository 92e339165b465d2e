import { Counter, Gauge, type Registry } from 'prom-client';
import type { LogLag } from '../ports/log-lag.ts';
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

/** Lag: blocks appended and not yet in the facts table, per period, read when the metrics are. */
export function lagMetric(registry: Registry, log: LogLag): void {
  new Gauge({
    name: 'rollcall_log_pending_blocks',
    help: 'Blocks appended and not yet counted',
    labelNames: ['period'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const period of await log.periods()) this.set({ period }, await log.pending(AGGREGATOR_GROUP, period));
    },
  });
}
