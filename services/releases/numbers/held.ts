import type { HeldReason, NoisedCell, ReleaseCell } from '../../../schemas/release.ts';
import {
  type Compared,
  equalSteps,
  GROWTH_SIGMAS,
  hasGrown,
  type Step,
  spansKinds,
  stepsOf,
} from '../../core/growth.ts';
import { cellKey } from '../../core/release-cell.ts';
import { ALWAYS_SHOWN } from './gate.ts';
import type { UnheldCell } from './noise.ts';
import { type NoisedPeriod, Reading } from './shown.ts';

/** The churn of the number of all sites, which has nothing to be compared with. */
const LEAST_CHURN_OF_ALL = 0.05;

export interface HoldOrder {
  /** What the cells were noised with. */
  readonly now: Omit<NoisedPeriod, 'cells'>;
  readonly cells: readonly UnheldCell[];
  /** The released period before; undefined for an installation's first, of which nothing is held. */
  readonly before: NoisedPeriod | undefined;
  /** Whether a cell was published in any release before. */
  readonly known: (cell: ReleaseCell) => boolean;
}

/**
 * Marks the cells that somebody looks at before they are released, because invented sites look like that. It costs no
 * privacy: everything it reads is noised already, and so is all that a reviewer sees.
 */
export function holdUnusual({ now, cells, before, known }: HoldOrder): NoisedCell[] {
  const unheld = cells.map((cell) => ({ ...cell, held: null }));
  if (before === undefined) return unheld;
  const reading = new Reading({ ...now, cells: unheld });
  const published = unheld.filter((cell) => cell.sites >= reading.least(cell.query));
  const steps = stepsOf(compared(published, before, reading));
  const grown = new Set(steps.filter(hasGrown).map(keyOf));
  const equal = new Set(equalSteps(steps, spansKinds).map(keyOf));
  const reasonOf = (cell: UnheldCell): HeldReason | null => {
    const key = cellKey(cell);
    if (grown.has(key)) return 'growth';
    if (equal.has(key)) return 'equal-steps';
    return ALWAYS_SHOWN.includes(cell.query) || known(cell) ? null : 'new-name';
  };
  const held = new Map(published.map((cell) => [cellKey(cell), reasonOf(cell)]));
  return unheld.map((cell) => ({ ...cell, held: held.get(cellKey(cell)) ?? null }));
}

/** By how many sites each published cell may grow before it is held, by the cell. */
export function growthLimits({ now, cells, before }: Omit<HoldOrder, 'known'>): ReadonlyMap<string, number> {
  if (before === undefined) return new Map();
  const reading = new Reading({ ...now, cells: cells.map((cell) => ({ ...cell, held: null })) });
  const published = cells.filter((cell) => cell.sites >= reading.least(cell.query));
  const steps = stepsOf(compared(published, before, reading));
  return new Map(steps.map((step) => [keyOf(step), Math.ceil(GROWTH_SIGMAS * step.spread)]));
}

function keyOf({ cell }: Step<UnheldCell>): string {
  return cellKey(cell);
}

/** Each published cell beside what the fleet's own growth makes of it. */
function compared(published: readonly UnheldCell[], before: NoisedPeriod, reading: Reading): Compared<UnheldCell>[] {
  const earlier = new Reading(before);
  const beforeOf = new Map(before.cells.map((cell) => [cellKey(cell), cell.sites]));
  const [allNow, allBefore] = [
    published.find(({ query }) => query === 'all')?.sites ?? 0,
    before.cells.find(({ query }) => query === 'all')?.sites ?? 0,
  ];
  const growth = allNow > 0 && allBefore > 0 ? allNow / allBefore : 1;
  return published.map((cell) => {
    const isAll = cell.query === 'all';
    const was = Math.max(0, beforeOf.get(cellKey(cell)) ?? 0);
    const variance = reading.siteVariance(cell.query) + growth ** 2 * earlier.siteVariance(cell.query);
    return {
      cell,
      kind: cell.query,
      was,
      excess: cell.sites - (isAll ? was : was * growth),
      noise: Math.sqrt(variance),
      steady: !isAll && was >= 2 * reading.least(cell.query),
      leastChurn: isAll ? LEAST_CHURN_OF_ALL : 0,
    };
  });
}
