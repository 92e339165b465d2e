import type { NoisedCell } from '../../../schemas/release.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { GatedCell } from './cell.ts';
import { gateOf, LEAST_SITES, leastSites, PHONE_SIGMAS, SITE_SIGMAS } from './gate.ts';
import { type Measure, queryNamed } from './queries.ts';

/**
 * Marks the cells that moved too far since the released period before: somebody looks at them before they are released,
 * because a flood of invented sites looks like that (PRIVACY.md section 6). Without a period before nothing is held.
 *
 * It costs no privacy: both arguments are noised already, and whatever is computed from noised numbers alone, by a
 * program or by a reviewer, says no more about a site than they do (post-processing).
 *
 * A cell of the period before that was held and suppressed is compared all the same: its noised value was kept. One that
 * was not there stands at the gate, the most it could have been.
 */
export function holdJumps(
  now: readonly GatedCell[],
  before: readonly NoisedCell[] | undefined,
  threshold: number = LEAST_SITES,
): NoisedCell[] {
  if (before === undefined) return now.map((cell) => ({ ...cell, held: false }));
  const earlier = new Map(before.map((cell) => [cellKey(cell), cell]));
  return now.map((cell) => ({ ...cell, held: jumped(cell, earlier.get(cellKey(cell)), leastSites(threshold)) }));
}

function jumped(cell: GatedCell, earlier: NoisedCell | undefined, least: number): boolean {
  const { sites, phones } = queryNamed(cell.query);
  const siteGate = gateOf(least, SITE_SIGMAS, sites.variance);
  if (movedTooFar(cell.sites, earlier?.sites ?? siteGate, sites)) return true;
  if (phones === null || cell.phones === null) return false;
  return movedTooFar(cell.phones, earlier?.phones ?? gateOf(0, PHONE_SIGMAS, phones.variance), phones);
}

/** |v - p| > max(6 sqrt(2) s, p / 2): six deviations of the difference of two noised numbers, and half as much again. */
function movedTooFar(value: number, previous: number, { variance }: Measure): boolean {
  const moved = Math.abs(value - previous);
  return moved * moved > 72 * variance && 2 * moved > previous;
}
