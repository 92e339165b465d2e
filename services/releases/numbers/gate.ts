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

/** The smallest integer that {@link reaches} lets pass. */
export function gateOf(floor: number, sigmas: number, variance: number): number {
  return floor + Math.ceil(Math.sqrt(sigmas * sigmas * variance));
}
