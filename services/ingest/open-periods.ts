import type { Period } from '../../schemas/period.ts';
import { GRACE_MS, openPeriods, periodEnd, periodStart } from '../core/period.ts';
import type { Clock } from '../shared/clock.ts';
import type { KnownCloses } from './known-closes.ts';

/**
 * The open periods by the clock, without those whose close has begun. They change twice a month and are asked for with
 * every report: worked out when due.
 */
export function openPeriodsBy(clock: Clock, closes: Pick<KnownCloses, 'hasBegun'>): () => readonly Period[] {
  const byClock = openByClock(clock);
  const isClosing = (period: Period) => closes.hasBegun(period);
  return () => {
    const open = byClock();
    return open.some(isClosing) ? open.filter((period) => !isClosing(period)) : open;
  };
}

function openByClock(clock: Clock): () => readonly Period[] {
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
