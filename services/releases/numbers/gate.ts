/** No cell of fewer sites is released, whatever an installation's threshold. */
export const LEAST_SITES = 10;
/** How many standard deviations of noise a number of sites must stand above its threshold. */
export const SITE_SIGMAS = 6;
/** The same for a number of phones, above 0. */
export const PHONE_SIGMAS = 4;

/** The fewest sites of a released cell, where the installation shows cells from `threshold` sites on. */
export function leastSites(threshold: number): number {
  return Math.max(LEAST_SITES, threshold);
}

/** Whether value >= floor + sigmas * sqrt(variance). Squares are compared: no rounding of a root decides. */
export function reaches(value: number, floor: number, sigmas: number, variance: number): boolean {
  const above = value - floor;
  return above >= 0 && above * above >= sigmas * sigmas * variance;
}

/**
 * Whether a cell is released: both its exact number of sites and the noised one have to pass. The exact one alone would
 * show who is the tenth; the noised one alone would let chance publish a cell of a single site.
 */
export function passesGate(exact: number, noised: number, least: number, variance: number): boolean {
  return exact >= least && reaches(noised, least, SITE_SIGMAS, variance);
}

/** The smallest integer that {@link reaches} lets pass. */
export function gateOf(floor: number, sigmas: number, variance: number): number {
  return floor + Math.ceil(Math.sqrt(sigmas * sigmas * variance));
}
