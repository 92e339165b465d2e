import { type BitSource, uniformBelow } from './noise-stream.ts';

/*
 * Canonne, Kamath, Steinke: "The Discrete Gaussian for Differential Privacy" (2020), algorithms 1 to 3. All numbers are
 * integers or fractions of integers: the low bits of floating-point noise give away what it was added to (Mironov 2012).
 */

/** An integer x with probability proportional to exp(-x^2 / (2 variance)), exactly. `variance` is 1 or more. */
export function discreteGaussian(variance: bigint, source: BitSource): bigint {
  if (variance < 1n) throw new RangeError('a variance is 1 or more');
  // Any scale gives the same distribution; this one draws again least often.
  const scale = floorRoot(variance) + 1n;
  for (;;) {
    const drawn = discreteLaplace(scale, source);
    // (|x| - variance / scale)^2 / (2 variance), as one fraction.
    const off = (drawn < 0n ? -drawn : drawn) * scale - variance;
    if (bernoulliExp(off * off, 2n * variance * scale * scale, source)) return drawn;
  }
}

/** An integer x with probability proportional to exp(-|x| / scale). */
export function discreteLaplace(scale: bigint, source: BitSource): bigint {
  for (;;) {
    const rest = uniformBelow(scale, source);
    if (!bernoulliExp(rest, scale, source)) continue;
    let whole = 0n;
    while (bernoulliExp(1n, 1n, source)) whole++;
    const size = rest + scale * whole;
    const negative = uniformBelow(2n, source) === 1n;
    // There is one zero, not two.
    if (negative && size === 0n) continue;
    return negative ? -size : size;
  }
}

/** True with probability exp(-numerator / denominator). */
export function bernoulliExp(numerator: bigint, denominator: bigint, source: BitSource): boolean {
  for (let whole = numerator / denominator; whole > 0n; whole--)
    if (!bernoulliExpOfFraction(1n, 1n, source)) return false;
  return bernoulliExpOfFraction(numerator % denominator, denominator, source);
}

/** The same for a fraction from 0 to 1: the length of a run of successes of chances f/1, f/2, f/3 ... is even. */
function bernoulliExpOfFraction(numerator: bigint, denominator: bigint, source: BitSource): boolean {
  let tries = 1n;
  while (uniformBelow(denominator * tries, source) < numerator) tries++;
  return tries % 2n === 1n;
}

/** The largest integer whose square is at most `n`, by Newton's method. */
function floorRoot(n: bigint): bigint {
  let root = n;
  for (let next = (root + 1n) / 2n; next < root; next = (root + n / root) / 2n) root = next;
  return root;
}
