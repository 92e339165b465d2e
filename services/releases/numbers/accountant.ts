import type { Profile } from '../../../schemas/release.ts';
import { MAX_CAP } from '../../../schemas/slot.ts';
import { FIRST_CAP } from '../../core/caps.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import { Failure } from '../../shared/failure.ts';
import { type Measure, measuresAt } from './queries.ts';

/** The most that one token may lose in one period, in zCDP: the ledger refuses what would pass it. */
export const RHO_LIMIT = 0.25;
/** The delta at which every epsilon is given. Nothing comes on top: no exact number gates anything. */
export const DELTA = 1e-6;

/** zCDP of one number over all its cells: L2 bound squared / (2 s^2) (Canonne-Kamath-Steinke 2020, theorem 14). */
export function rhoOf({ boundSquared, variance }: Measure): number {
  return boundSquared / (2 * variance);
}

/** zCDP of a noised release for one token in one period: costs add up. */
export function rhoOfPeriod(measures: readonly Measure[]): number {
  return measures.reduce((sum, measure) => sum + rhoOf(measure), 0);
}

/** The most that a month costs, whatever its cap: the variances of phones are rounded up to whole numbers, which differs. */
export function rhoOfAnyMonth(): number {
  let most = 0;
  for (let cap = FIRST_CAP; cap <= MAX_CAP; cap++) most = Math.max(most, rhoOfPeriod(measuresAt(cap)));
  return most;
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
 * What the ledger records of a period, rounded up; all null, which is unbounded, for a release without noise.
 * Fails with `budget-exceeded` where a release of `measures` costs more than {@link RHO_LIMIT}.
 */
export function spentOn(
  profile: Profile,
  measures: readonly Measure[],
): Pick<LedgerEntry, 'rho' | 'epsilon' | 'delta'> {
  if (profile === 'threshold') return { rho: null, epsilon: null, delta: null };
  const rho = rhoOfPeriod(measures);
  if (rho > RHO_LIMIT) throw new Failure('budget-exceeded');
  return { rho: roundUp(rho, 1e6), epsilon: roundUp(epsilonOf(rho, DELTA), 100), delta: DELTA };
}

/** What several months can reveal about a token a month, rounded up; all null, which is unbounded, with one without noise. */
export function spentTogether(
  entries: readonly Pick<LedgerEntry, 'rho'>[],
): Pick<LedgerEntry, 'rho' | 'epsilon' | 'delta'> {
  let rho = 0;
  for (const entry of entries) {
    if (entry.rho === null) return { rho: null, epsilon: null, delta: null };
    rho += entry.rho;
  }
  return { rho: roundUp(rho, 1e6), epsilon: rho === 0 ? 0 : roundUp(epsilonOf(rho, DELTA), 100), delta: DELTA };
}

/** Up, to whole parts of 1/`parts`: a promise is not rounded down. */
function roundUp(value: number, parts: number): number {
  // What adding up has put behind the last digit does not count.
  return Math.ceil(value * parts - 1e-6) / parts;
}
