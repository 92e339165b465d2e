import type { HeldReason, NoisedCell, ReleaseCell } from '../../../schemas/release.ts';
import { cellKey } from '../../core/release-cell.ts';
import { ALWAYS_SHOWN } from './gate.ts';
import type { UnheldCell } from './noise.ts';
import { type NoisedPeriod, Reading } from './shown.ts';

/** How far beyond noise and churn a cell must have grown to be held. */
const GROWTH_SIGMAS = 6;
/** The churn of a fleet that hardly moves, and of the number of all sites, which has nothing to be compared with. */
const LEAST_CHURN = 0.02;
const LEAST_CHURN_OF_ALL = 0.05;
/** What is suspicious of cells that grew by the same number of sites: so many of the noise's deviations, and so many with the churn's. */
const STEP_NOISE_SIGMAS = 5;
const STEP_SIGMAS = 2;
/** Steps are equal that differ by no more of the noise's deviations than this. */
const EQUAL_SIGMAS = 2;
/** In so many queries at least: one invented site is in all of them. */
const EQUAL_QUERIES = 3;

export interface HoldOrder {
  /** What the cells were noised with. */
  readonly now: Omit<NoisedPeriod, 'cells'>;
  readonly cells: readonly UnheldCell[];
  /** The released period before; undefined for an installation's first, of which nothing is held. */
  readonly before: NoisedPeriod | undefined;
  /** Whether a cell was published in any release before. */
  readonly known: (cell: ReleaseCell) => boolean;
}

interface Step {
  readonly cell: UnheldCell;
  /** Sites more than the fleet's own growth explains. */
  readonly excess: number;
  /** The deviation of the noise in it, and with the fleet's churn. */
  readonly noise: number;
  readonly spread: number;
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
  const steps = stepsOf(published, before, reading);
  const grown = new Set(steps.filter(({ excess, spread }) => excess > GROWTH_SIGMAS * spread).map(keyOf));
  const equal = new Set(equalSteps(steps).map(keyOf));
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
  const steps = stepsOf(published, before, reading);
  return new Map(steps.map((step) => [keyOf(step), Math.ceil(GROWTH_SIGMAS * step.spread)]));
}

function keyOf({ cell }: Step): string {
  return cellKey(cell);
}

/** How each published cell moved, beside how the fleet did. */
function stepsOf(published: readonly UnheldCell[], before: NoisedPeriod, reading: Reading): Step[] {
  const earlier = new Reading(before);
  const beforeOf = new Map(before.cells.map((cell) => [cellKey(cell), cell.sites]));
  const [allNow, allBefore] = [
    published.find(({ query }) => query === 'all')?.sites ?? 0,
    before.cells.find(({ query }) => query === 'all')?.sites ?? 0,
  ];
  const growth = allNow > 0 && allBefore > 0 ? allNow / allBefore : 1;
  const raw = published.map((cell) => {
    const was = Math.max(0, beforeOf.get(cellKey(cell)) ?? 0);
    const expected = cell.query === 'all' ? was : was * growth;
    const variance = reading.siteVariance(cell.query) + growth ** 2 * earlier.siteVariance(cell.query);
    return { cell, was, excess: cell.sites - expected, noise: Math.sqrt(variance), least: reading.least(cell.query) };
  });
  const churn = churnOf(raw.filter(({ cell, was, least }) => cell.query !== 'all' && was >= 2 * least));
  return raw.map(({ cell, was, excess, noise }) => {
    const own = cell.query === 'all' ? Math.max(churn, LEAST_CHURN_OF_ALL) : churn;
    return { cell, excess, noise, spread: Math.hypot(noise, own * was) };
  });
}

/** Median of the square of a standard normal. */
const MEDIAN_SQUARE = 0.4549;

/** By how much of itself a cell of the fleet moves from month to month: a median, so that no few cells decide it. */
function churnOf(cells: readonly { readonly was: number; readonly excess: number; readonly noise: number }[]): number {
  const seen = median(cells.map(({ was, excess }) => (excess / was) ** 2)) / MEDIAN_SQUARE;
  const ofNoise = median(cells.map(({ was, noise }) => (noise / was) ** 2));
  return Math.max(LEAST_CHURN, Math.sqrt(Math.max(0, seen - ofNoise)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Cells that grew alike: the same invented sites push a platform, a maker, a model and a processor by the same number. */
function equalSteps(steps: readonly Step[]): Step[] {
  const unusual = steps.filter(
    ({ excess, noise, spread }) => excess > STEP_NOISE_SIGMAS * noise && excess > STEP_SIGMAS * spread,
  );
  return unusual.filter((step) => {
    const alike = unusual.filter(
      (other) => Math.abs(other.excess - step.excess) <= EQUAL_SIGMAS * Math.hypot(step.noise, other.noise),
    );
    return new Set(alike.map(({ cell }) => cell.query)).size >= EQUAL_QUERIES;
  });
}
