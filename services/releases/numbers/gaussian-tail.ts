/**
 * P(X >= least) of the discrete Gaussian of `variance`: the sum of its weights exp(-x^2 / (2 variance)) from `least` up,
 * over the sum of all. For accounting and for tests; noise itself is drawn without floating point.
 */
export function tailAtLeast(variance: number, least: number): number {
  // Beyond 39 standard deviations a weight is under 1e-330: no double holds it.
  const end = Math.ceil(39 * Math.sqrt(variance));
  return weightBetween(least, end, variance) / weightBetween(-end, end, variance);
}

/** From the last, smallest weight to the first, so that small ones are not lost in the sum. */
function weightBetween(first: number, last: number, variance: number): number {
  let sum = 0;
  for (let x = last; x >= Math.max(first, -last); x--) sum += Math.exp((-x * x) / (2 * variance));
  return sum;
}
