import { Counter, type Registry } from 'prom-client';
import { CLOSE_STEPS } from '../../../schemas/release.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Clock } from '../../shared/clock.ts';
import type { FailureCode } from '../../shared/failure-codes.ts';
import { lastKnownGauge } from '../../shared/last-known-gauge.ts';

export interface CloseMetrics {
  /** A close that ended in a failure, by its code. */
  failed(code: FailureCode): void;
  /** A closed period of which something had come again, and was destroyed again. */
  destroyedAgain(): void;
}

export function closeMetrics(registry: Registry, releases: CloseProgress, clock: Clock): CloseMetrics {
  const registers = [registry];
  lastKnownGauge(registry, {
    name: 'rollcall_close_steps',
    help: `Finished steps of a period's close, of ${CLOSE_STEPS.length}: ${CLOSE_STEPS.join(', ')}`,
    label: 'period',
    clock,
    // In order of the steps: the last one of a period stays.
    read: async () => new Map((await releases.transitions()).map(({ period, seq }) => [period, seq])),
  });
  const failures = new Counter({
    name: 'rollcall_close_failures_total',
    help: 'Closes that ended in a failure, by its code',
    labelNames: ['code'],
    registers,
  });
  const again = new Counter({
    name: 'rollcall_destroyed_again_total',
    help: 'Times that something of a closed period had come again and was destroyed',
    registers,
  });
  return {
    failed: (code) => failures.inc({ code }),
    destroyedAgain: () => again.inc(),
  };
}
