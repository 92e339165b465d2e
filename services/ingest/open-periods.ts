import type { Period } from '../../schemas/period.ts';
import { GRACE_MS, openPeriods, periodEnd, periodStart } from '../core/period.ts';
import type { Clock } from '../shared/clock.ts';

/** The open periods by the clock. They change twice a month and are asked for with every report: worked out when due. */
export function openPeriodsBy(clock: Clock): () => readonly Period[] {
  let open: readonly Period[] = [];
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.now();
    if (now >= from && now < until) return open;
    open = openPeriods(now);
    const current = open[0] as Period;
    const graceEnd = periodStart(current) + GRACE_MS;
    [from, until] = now < graceEnd ? [periodStart(current), graceEnd] : [graceEnd, periodEnd(current)];
    return open;
  };
}
