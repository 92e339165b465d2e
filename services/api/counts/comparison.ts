import type { Period } from '../../../schemas/period.ts';
import { addMonths } from '../../core/period.ts';
import type { Snapshot } from '../../ports/snapshot.ts';

/**
 * The month that changes are against: the named one, or none where a change would mislead. A provisional month is
 * compared with nothing, and nothing with one.
 */
export function comparedWith(
  named: Period | undefined,
  snapshot: Snapshot | undefined,
  all: readonly Snapshot[],
): Snapshot | undefined {
  if (!snapshot || snapshot.provisional || named === undefined) return undefined;
  return all.find(({ period, provisional }) => period === named && period !== snapshot.period && !provisional);
}

/** A year before, or else the first final month there is. */
export function usualComparison(snapshot: Snapshot | undefined, all: readonly Snapshot[]): Period | undefined {
  if (!snapshot) return undefined;
  const earlier = all.filter(({ period, provisional }) => !provisional && period < snapshot.period);
  const aYearBefore = addMonths(snapshot.period, -12);
  return (earlier.find(({ period }) => period === aYearBefore) ?? earlier[0])?.period;
}

/** The newest month that will not change any more. */
export function newestFinal(all: readonly Snapshot[]): Snapshot | undefined {
  return all.findLast(({ provisional }) => !provisional);
}
