/** Statistics that tests of noise need: exact where the noise is small whole numbers, so that no rule of thumb decides. */

/** ln Gamma(x) for x > 0 (Lanczos, g = 7, 9 coefficients: relative error under 1e-14). */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const series = coefficients.reduce((sum, c, i) => (i === 0 ? c : sum + c / (x - 1 + i)), 0);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

/** Regularised upper incomplete gamma function: 1 - lower series below a + 1, continued fraction (Lentz) above. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [sum, term] = [1 / a, 1 / a];
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) sum += term *= x / (a + n);
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let [c, d] = [1e300, 1 / b];
  let h = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * h;
}

/** How likely chance alone gives a chi-square of `statistic` or more. */
export function chiSquareChance(statistic: number, degrees: number): number {
  return upperGamma(degrees / 2, statistic / 2);
}

/**
 * Pearson's test of draws against exact probabilities of whole numbers: how likely chance alone gives such draws.
 * Neighbouring numbers share a bin until one draw of a hundred, and 20 at least, are expected in it.
 */
export function chanceOfDraws(draws: readonly number[], weight: (x: number) => number, reach: number): number {
  const seen = new Map<number, number>();
  for (const x of draws) seen.set(x, (seen.get(x) ?? 0) + 1);
  const numbers = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const all = numbers.reduce((sum, x) => sum + weight(x), 0);
  const least = Math.max(20, draws.length / 100);
  const bins: { expected: number; seen: number }[] = [];
  let bin = { expected: 0, seen: 0 };
  for (const x of numbers) {
    bin.expected += (draws.length * weight(x)) / all;
    bin.seen += seen.get(x) ?? 0;
    if (bin.expected < least) continue;
    bins.push(bin);
    bin = { expected: 0, seen: 0 };
  }
  const last = bins.at(-1) as { expected: number; seen: number };
  last.expected += bin.expected;
  last.seen += bin.seen;
  const statistic = bins.reduce((sum, one) => sum + (one.seen - one.expected) ** 2 / one.expected, 0);
  return chiSquareChance(statistic, bins.length - 1);
}

/** P(N(0,1) <= x). */
export function normalBelow(x: number): number {
  const tail = upperGamma(0.5, (x * x) / 2) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** The inverse of {@link normalBelow}. */
export function normalQuantile(p: number): number {
  return bisect((x) => normalBelow(x) - p, -38, 38);
}

/**
 * Clopper-Pearson: the interval that, whatever the true chance is, holds it with probability `confidence` at least on
 * each side, after `hits` of `tries`.
 */
export function chanceBetween(hits: number, tries: number, confidence: number): readonly [number, number] {
  const rest = 1 - confidence;
  const low = hits === 0 ? 0 : bisect((p) => 1 - atMost(hits - 1, tries, p) - rest, 0, 1);
  const high = hits === tries ? 1 : bisect((p) => rest - atMost(hits, tries, p), 0, 1);
  return [low, high];
}

/** P(Binomial(tries, p) <= hits). */
function atMost(hits: number, tries: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return hits >= tries ? 1 : 0;
  const odds = Math.log(p) - Math.log1p(-p);
  // ln P(k hits), each from the one before.
  let chance = tries * Math.log1p(-p);
  let sum = Math.exp(chance);
  for (let k = 1; k <= hits; k++) sum += Math.exp((chance += odds + Math.log((tries - k + 1) / k)));
  return Math.min(1, sum);
}

/** Where a rising function crosses 0. */
function bisect(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
