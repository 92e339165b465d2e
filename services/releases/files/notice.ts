import type { ReleaseDocument } from '../../../schemas/release-file.ts';

/** What a reader has to know before any number of the release, in one sentence. */
export function noticeOf({ threshold, epsilon, delta }: ReleaseDocument['method']): string {
  if (epsilon === 'unbounded' || delta === null)
    return `THIS RELEASE CARRIES NO NOISE AND GIVES NO FORMAL GUARANTEE: its numbers are counts of at least ${threshold} sites, only rounded, and its epsilon is unbounded.`;
  return `Every number carries random noise and holds within its margin; about whether any one site took part in the month this release reveals at most epsilon = ${epsilonText(epsilon)} (delta = ${deltaText(delta)}).`;
}

/** Two decimals, rounded up: a bound may be printed larger than it is, never smaller. */
export function epsilonText(epsilon: number): string {
  return (Math.ceil(epsilon * 100 - 1e-9) / 100).toFixed(2);
}

/** Two digits, rounded up for the same reason: `1.1e-6`. */
export function deltaText(delta: number): string {
  const [mantissa, exponent] = delta.toExponential().split('e').map(Number) as [number, number];
  const digits = Math.ceil(mantissa * 10 - 1e-9) / 10;
  return digits >= 10 ? `1.0e${exponent + 1}` : `${digits.toFixed(1)}e${exponent}`;
}
