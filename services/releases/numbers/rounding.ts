import type { Profile } from '../../../schemas/release.ts';

/**
 * Half the width of a margin in standard deviations: 96 % of the noise, a little more than 95, because numbers of sites
 * are shown when they came out high enough.
 */
const MARGIN_SIGMAS = 2.1;
/**
 * The same for a number that is within one deviation of its gate: of those some have far fewer sites, and came through by
 * chance. Measured in small fleets (bench/release-coverage.ts): with 2.1 as few as 69 % of such numbers held.
 */
const NEAR_SIGMAS = 3;

/** Published numbers are multiples of these. */
export function roundingIn(profile: Profile): { readonly sites: number; readonly phones: number } {
  return profile === 'noised' ? { sites: 5, phones: 10 } : { sites: 5, phones: 50 };
}

/**
 * Half the width of a 95 % interval: noise of this variance, and rounding, which moves a number by at most half a step.
 * It covers noise and rounding, not who takes part.
 */
export function marginOf(step: number, variance: number, nearItsGate = false): number {
  return Math.ceil((nearItsGate ? NEAR_SIGMAS : MARGIN_SIGMAS) * Math.sqrt(variance) + step / 2);
}
