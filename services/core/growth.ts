/**
 * What a cell grew by beyond what the fleet's own growth makes of it: what invented sites look like. One rule for exact
 * counts, which staff see, and for noised ones, which are held before they are released.
 */
export interface Compared<C> {
  readonly cell: C;
  /** Its view, or its query. One invented site is in a cell of each. */
  readonly kind: string;
  readonly was: number;
  /** Sites more than the fleet's own growth explains. */
  readonly excess: number;
  /** The deviation of what the number carries beside growth: drawn noise, or chance. */
  readonly noise: number;
  /** Whether the fleet's churn is measured by it: a cell that was large enough, and not the number of all sites. */
  readonly steady: boolean;
  /** At least so much of itself moves from month to month; 0 where the fleet's churn alone says. */
  readonly leastChurn?: number;
}

export interface Step<C> extends Pick<Compared<C>, 'cell' | 'kind' | 'excess' | 'noise'> {
  /** The deviation of the noise, with the fleet's churn. */
  readonly spread: number;
}

/** How far beyond noise and churn a cell must have grown to be looked at for that alone. */
export const GROWTH_SIGMAS = 6;
/** The churn of a fleet that hardly moves. */
const LEAST_CHURN = 0.02;
/** What is suspicious of cells that grew by the same number of sites: so many of the noise's deviations, and so many with the churn's. */
const STEP_NOISE_SIGMAS = 5;
const STEP_SIGMAS = 2;
/** Steps are equal that differ by no more of the noise's deviations than this. */
const EQUAL_SIGMAS = 2;
/** In so many kinds of cells at least: one invented site is in all of them. */
const EQUAL_KINDS = 3;
/** A rise is shared when another cell of the kind rose unusually too, by at least so much of it. */
const SHARED = 0.5;

/** How each cell moved, beside how the fleet did. */
export function stepsOf<C>(cells: readonly Compared<C>[]): Step<C>[] {
  const churn = churnOf(cells.filter(({ steady }) => steady));
  return cells.map(({ cell, kind, was, excess, noise, leastChurn = 0 }) => {
    const own = Math.max(churn, leastChurn);
    return { cell, kind, excess, noise, spread: Math.hypot(noise, own * was) };
  });
}

export function hasGrown({ excess, spread }: Step<unknown>): boolean {
  return excess > GROWTH_SIGMAS * spread;
}

/** Steps far beyond noise and churn that no other cell of their kind took, not even by half as many sites. */
export function aloneIn<C>(steps: readonly Step<C>[]): Step<C>[] {
  const unusual = steps.filter(isUnusual);
  const shares = (step: Step<C>, other: Step<C>) =>
    other !== step && other.kind === step.kind && other.excess >= SHARED * step.excess;
  return steps.filter((step) => hasGrown(step) && !unusual.some((other) => shares(step, other)));
}

/** Whether the cells are of so many kinds as one invented site is in. */
export function spansKinds(alike: readonly Step<unknown>[]): boolean {
  return new Set(alike.map(({ kind }) => kind)).size >= EQUAL_KINDS;
}

/** The steps that enough others took alike: the same invented sites push a platform, a maker, a model by the same number. */
export function equalSteps<C>(steps: readonly Step<C>[], enough: (alike: readonly Step<C>[]) => boolean): Step<C>[] {
  const unusual = steps.filter(isUnusual);
  return unusual.filter((step) => enough(alikeIn(unusual, step)));
}

/** The same as groups, those of the most cells first: each step is in one, with the others that were equal to its middle. */
export function equalGroups<C>(steps: readonly Step<C>[], enough: (alike: readonly Step<C>[]) => boolean): Step<C>[][] {
  const groups: Step<C>[][] = [];
  let left = equalSteps(steps, enough);
  for (;;) {
    const largest = left
      .map((step) => alikeIn(left, step))
      .reduce<Step<C>[]>((most, alike) => (alike.length > most.length ? alike : most), []);
    if (!enough(largest)) return groups;
    groups.push(largest);
    left = left.filter((step) => !largest.includes(step));
  }
}

function isUnusual({ excess, noise, spread }: Step<unknown>): boolean {
  return excess > STEP_NOISE_SIGMAS * noise && excess > STEP_SIGMAS * spread;
}

function alikeIn<C>(steps: readonly Step<C>[], step: Step<C>): Step<C>[] {
  return steps.filter(
    (other) => Math.abs(other.excess - step.excess) <= EQUAL_SIGMAS * Math.hypot(step.noise, other.noise),
  );
}

/** Median of the square of a standard normal. */
const MEDIAN_SQUARE = 0.4549;

/** By how much of itself a cell of the fleet moves from month to month: a median, so that no few cells decide it. */
function churnOf(cells: readonly Pick<Compared<unknown>, 'was' | 'excess' | 'noise'>[]): number {
  const seen = median(cells.map(({ was, excess }) => (excess / was) ** 2)) / MEDIAN_SQUARE;
  const ofNoise = median(cells.map(({ was, noise }) => (noise / was) ** 2));
  return Math.max(LEAST_CHURN, Math.sqrt(Math.max(0, seen - ofNoise)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
