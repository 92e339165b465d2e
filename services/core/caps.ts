import type { Period } from '../../schemas/period.ts';
import { MAX_CAP } from '../../schemas/slot.ts';
import { SLOTS } from './lanes.ts';

/** The cap of an installation's first months, before a release has told how large its fleet is. */
export const FIRST_CAP = 24;

/** The cap of months from `since` on, until another one is chosen. */
export interface CapChoice {
  readonly since: Period;
  readonly cap: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The cap of a month. It is chosen before the month begins: choices that came later are of later months. */
export function capIn(period: Period, choices: readonly CapChoice[]): number {
  return choices.filter(({ since }) => since <= period).at(-1)?.cap ?? FIRST_CAP;
}

/** What each phone slot counts at most, as a divisor of the cap: by rank and never a remainder, which would tell of the other slots. */
const DIVISORS = [1, 2, 4, 8, 16, 16] as const;

/** `24, 12, 6, 3, 1, 1`: the most phones of a site's most frequent model that count, of its second, and so on. */
export function capsOf(cap: number): readonly number[] {
  return DIVISORS.slice(0, SLOTS.phones).map((divisor) => Math.max(1, Math.floor(cap / divisor)));
}

/** Fleet and cap between which hiding large sites and hiding all of them in noise cost about the same (bench/release-coverage.ts). */
const MEASURED: readonly (readonly [sites: number, cap: number])[] = [
  [600, 24],
  [1_000, 32],
  [2_000, 32],
  [5_000, 48],
  [20_000, 160],
  [100_000, 640],
];

const STEPS = [24, 32, 48, 80, 160, 320, 640, MAX_CAP];

/** How much nearer to the best one another cap must be to be chosen: phones of two caps cannot be compared. */
const NEARER = Math.log(1.15);

/**
 * The cap of months to come, for a fleet of about `sites`: the noised number of a release, which is public. The one that
 * holds now stays while no other is much better.
 */
export function nextCap(current: number, sites: number): number {
  const best = bestCap(sites);
  const off = (step: number) => Math.abs(Math.log(step / best));
  const nearest = STEPS.reduce((found, step) => (off(step) < off(found) ? step : found));
  return off(current) - off(nearest) > NEARER ? nearest : current;
}

/** Straight between the measured points on logarithmic scales, and flat before the first. */
function bestCap(sites: number): number {
  const next = MEASURED.findIndex(([fleet]) => fleet >= sites);
  if (next === 0) return FIRST_CAP;
  const [from, to] = (next < 0 ? MEASURED.slice(-2) : MEASURED.slice(next - 1, next + 1)) as [Point, Point];
  const along = Math.log(sites / from[0]) / Math.log(to[0] / from[0]);
  return Math.min(MAX_CAP, from[1] * (to[1] / from[1]) ** along);
}

type Point = readonly [number, number];
