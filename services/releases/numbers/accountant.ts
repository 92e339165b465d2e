import type { Profile } from '../../../schemas/release.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import { Failure } from '../../shared/failure.ts';
import { gateOf, SITE_SIGMAS } from './gate.ts';
import { tailAtLeast } from './gaussian-tail.ts';
import { MEASURES, type Measure, QUERIES } from './queries.ts';

/** The most that one site may lose in one period, in zCDP: the ledger refuses what would pass it. */
export const RHO_LIMIT = 0.25;
/** The delta at which every epsilon is given. The gate's comes on top: {@link gateDelta}. */
export const DELTA = 1e-6;

/** zCDP of one number over all its cells: L2 bound squared / (2 s^2) (Canonne-Kamath-Steinke 2020, theorem 14). */
export function rhoOf({ boundSquared, variance }: Measure): number {
  return boundSquared / (2 * variance);
}

/** zCDP of a noised release for one site in one period: costs add up. */
export function rhoOfPeriod(measures: readonly Measure[] = MEASURES): number {
  // In whole parts of one denominator: a sum of fractions would not come out at .245625.
  const denominator = measures.map(({ variance }) => 2 * variance).reduce(leastCommonMultiple);
  const parts = measures.map(({ boundSquared, variance }) => (boundSquared * denominator) / (2 * variance));
  return parts.reduce((sum, part) => sum + part, 0) / denominator;
}

/**
 * The smallest epsilon for which rho-zCDP is proved to be (epsilon, delta)-differentially private: the least over
 * alpha > 1 of alpha rho + log(1/(alpha delta))/(alpha-1) + log(1-1/alpha) (Canonne-Kamath-Steinke 2020, proposition 12,
 * solved for epsilon). Any alpha gives a true bound, so that an inexact minimum errs to the safe side.
 */
export function epsilonOf(rho: number, delta: number): number {
  if (!(rho > 0 && delta > 0 && delta < 1)) throw new RangeError('rho is above 0 and delta between 0 and 1');
  const at = (logExcess: number) => {
    const excess = Math.exp(logExcess);
    const alpha = 1 + excess;
    return alpha * rho - Math.log(alpha * delta) / excess + Math.log(excess / alpha);
  };
  return Math.max(0, leastOf(at, -15, 30));
}

/** The least value of a function that falls and then rises between `from` and `to` (ternary search). */
function leastOf(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (high - low > 1e-9) {
    const third = (high - low) / 3;
    if (f(low + third) < f(high - third)) high -= third;
    else low += third;
  }
  return f(low);
}

/**
 * What the exact half of the gate adds to delta in one period. Where one site makes a cell reach k, the cell can appear
 * with the site and never without it; it does so when its noise is at least 6 s. The site is in at most 34 cells
 * (8 numbers of phones appear with their cell or not at all): the sum of these chances, of the noise as it is drawn.
 * With `sites` sites of one owner a cell may stand `sites` - 1 above k, and there are that many times more cells.
 */
export function gateDelta(sites = 1): number {
  const chances = QUERIES.map(({ sites: { boundSquared, variance } }) => {
    // A site adds 1 to each of its cells: the L2 bound squared is their number.
    return boundSquared * tailAtLeast(variance, gateOf(0, SITE_SIGMAS, variance) - (sites - 1));
  });
  return Math.min(1, sites * chances.reduce((sum, chance) => sum + chance, 0));
}

/**
 * What the ledger records of a period, rounded up; all null, which is unbounded, for a release without noise.
 * Fails with `budget-exceeded` where a release of `measures` costs more than {@link RHO_LIMIT}.
 */
export function spentOn(
  profile: Profile,
  measures: readonly Measure[] = MEASURES,
): Pick<LedgerEntry, 'rho' | 'epsilon' | 'delta'> {
  if (profile === 'threshold') return { rho: null, epsilon: null, delta: null };
  const rho = rhoOfPeriod(measures);
  if (rho > RHO_LIMIT) throw new Failure('budget-exceeded');
  return { rho, epsilon: roundUp(epsilonOf(rho, DELTA), 100), delta: roundUp(DELTA + gateDelta(), 1e7) };
}

/** Up, to whole parts of 1/`parts`: a promise is not rounded down. */
function roundUp(value: number, parts: number): number {
  return Math.ceil(value * parts) / parts;
}

function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
