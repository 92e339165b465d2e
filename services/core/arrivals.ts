import type { Period } from '../../schemas/period.ts';
import { periodStart } from './period.ts';

/**
 * How many sites a month had when one of its days began, noised once when it was noted and kept so: no exact number of a
 * day is stored. Before the first day there were none.
 */
export interface Arrival {
  readonly period: Period;
  /** 2 for the second day of the month, on into its grace. */
  readonly day: number;
  /** May be less than the day before, or less than none: noise. */
  readonly sites: number;
}

const DAY_MS = 86_400_000;
/** Deviation of the noise of each noted number. */
export const ARRIVAL_NOISE = 10;
/** Ninety-five in a hundred. */
const SURE = 1.96;
/** Of what was noted, and of the difference of two. */
export const SO_FAR_MARGIN = Math.ceil(SURE * ARRIVAL_NOISE);
export const DAY_MARGIN = Math.ceil(SURE * Math.SQRT2 * ARRIVAL_NOISE);

/** Which day of the month it is: 1 for its first, 0 or less before. Goes on after its last. */
export function dayOf(period: Period, now: number): number {
  return Math.floor((now - periodStart(period)) / DAY_MS) + 1;
}

export interface NewSites {
  /** The first of the days that they came on. */
  readonly day: number;
  /** More than one where nothing was noted in between. */
  readonly days: number;
  readonly sites: number;
  /** Of the same days of the month before; null where it was not noted so. */
  readonly before: number | null;
  /** Whether they are more than those of the month before, noise, chance and a quarter of them explain. */
  readonly beyond: boolean;
}

/** New sites by day, of days that are over, beside those of the month before. */
export function newSitesByDay(noted: readonly Arrival[], before: readonly Arrival[]): NewSites[] {
  const earlier = new Map(differences(before).map((one) => [`${one.day} ${one.days}`, one.sites]));
  return differences(noted).map((one) => {
    const same = earlier.get(`${one.day} ${one.days}`) ?? null;
    return { ...one, before: same, beyond: same !== null && isBeyond(one.sites, same) };
  });
}

/** How many there were when the last noted day began, and in the month before when the same day did. */
export function newSitesSoFar(
  noted: readonly Arrival[],
  before: readonly Arrival[],
): { readonly days: number; readonly sites: number; readonly before: number | null } | null {
  const last = inOrder(noted).at(-1);
  if (last === undefined) return null;
  return { days: last.day - 1, sites: last.sites, before: before.find(({ day }) => day === last.day)?.sites ?? null };
}

function differences(
  noted: readonly Arrival[],
): { readonly day: number; readonly days: number; readonly sites: number }[] {
  let [day, sites] = [1, 0];
  return inOrder(noted).map((one) => {
    const came = { day, days: one.day - day, sites: one.sites - sites };
    [day, sites] = [one.day, one.sites];
    return came;
  });
}

function inOrder(noted: readonly Arrival[]): Arrival[] {
  return noted.toSorted((a, b) => a.day - b.day);
}

/** How many deviations, and by how much of the month before's, a day may differ. */
const BEYOND_SIGMAS = 3;
const BEYOND_SHARE = 0.25;

function isBeyond(sites: number, before: number): boolean {
  const [a, b] = [Math.max(0, sites), Math.max(0, before)];
  // Each of the two is a difference of two noised numbers.
  const spread = Math.sqrt(4 * ARRIVAL_NOISE ** 2 + a + b);
  return sites - before > BEYOND_SIGMAS * spread + BEYOND_SHARE * b;
}
