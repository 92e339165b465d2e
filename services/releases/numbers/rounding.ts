import type { Profile } from '../../../schemas/release.ts';

/** 95 % of a normal distribution lie within so many standard deviations. */
const TWO_SIDED_95 = 1.96;
/**
 * The same for numbers of sites that are shown because they came out high enough: those just above their gate are high
 * rather than low, and this width still holds 94 % of them (bench/release-coverage.ts).
 */
const CHOSEN_95 = 2.1;

/** Published numbers are multiples of these. */
export function roundingIn(profile: Profile): { readonly sites: number; readonly phones: number } {
  return profile === 'noised' ? { sites: 5, phones: 10 } : { sites: 5, phones: 50 };
}

/**
 * Half the width of a 95 % interval: noise of this variance, and rounding, which moves a number by at most half a step.
 * It covers noise and rounding, not who takes part. `chosen`: the number was shown for being high enough itself.
 */
export function marginOf(step: number, variance: number, chosen: boolean): number {
  return Math.ceil((chosen ? CHOSEN_95 : TWO_SIDED_95) * Math.sqrt(variance) + step / 2);
}
