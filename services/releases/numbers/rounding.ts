import type { Measure } from './queries.ts';

/** 95 % of a normal distribution lie within so many standard deviations. */
const TWO_SIDED_95 = 1.96;

/**
 * Half the width of a 95 % interval around the sum of `terms` published numbers: noise of variance s^2 in each, and
 * rounding, which moves each by at most r/2: ceil(1.96 s sqrt(terms) + terms r/2). It covers noise and rounding, not what
 * bounds cut off and not who takes part.
 */
export function marginOf({ rounding }: Measure, variance: number, terms = 1): number {
  return Math.ceil(TWO_SIDED_95 * Math.sqrt(variance * terms) + (terms * rounding) / 2);
}

/**
 * Whether two published numbers differ by 1.96 standard deviations of the difference (1.96 sqrt(2) s when both have the
 * same noise), and by more than one step, which rounding alone can make of a single site.
 */
export function isSignificant(
  difference: number,
  { rounding }: Measure,
  variances: readonly [number, number],
): boolean {
  const size = Math.abs(difference);
  return size > rounding && size >= TWO_SIDED_95 * Math.sqrt(variances[0] + variances[1]);
}
