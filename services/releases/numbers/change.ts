import type { NoisedCell, QueryName } from '../../../schemas/release.ts';
import type { Trend } from '../../../schemas/release-file.ts';
import { cellKey } from '../../core/release-cell.ts';
import { ALWAYS_SHOWN } from './gate.ts';
import type { PublishedCell } from './published.ts';
import { type NoisedPeriod, Reading } from './shown.ts';

export type Change = PublishedCell['change'];

/**
 * At most this share of a release's arrows is false by expectation, and a still month has any with this chance at most: under
 * the 5 % that releases promise, for tails of whole-number noise and for numbers that are not independent.
 */
const FALSE_ARROWS = 0.04;

/** What moved between two months, for all parties together. */
export interface Arrows {
  readonly sites: ReadonlyMap<string, 'up' | 'down'>;
  readonly phones: ReadonlyMap<string, 'up' | 'down'>;
  /** Whether phones can be compared: months of two caps count differently. */
  readonly samePhones: boolean;
}

interface Tested {
  readonly key: string;
  readonly of: 'sites' | 'phones';
  readonly direction: 'up' | 'down';
  readonly p: number;
}

/**
 * The numbers that moved, by Benjamini and Hochberg's procedure (1995) over the whole release, once: what a party is
 * told does not depend on how it was cut. A number is tested where both months together reach twice its gate, because
 * the sum of two numbers of the same noise says nothing of their difference; chosen by this month alone, those that came
 * out high would seem to have risen.
 */
export function arrowsBetween(before: NoisedPeriod, now: NoisedPeriod): Arrows {
  const [earlier, later] = [new Reading(before), new Reading(now)];
  const samePhones = before.cap === now.cap && before.profile === now.profile;
  const beforeOf = new Map(before.cells.map((cell) => [cellKey(cell), cell]));
  const tests = now.cells.flatMap((cell) => {
    const was = beforeOf.get(cellKey(cell));
    return was && isTested(cell, was, later) ? testsOf(cell, was, { earlier, later, samePhones }) : [];
  });
  const moved = rejected(tests);
  const of = (which: Tested['of']) =>
    new Map(moved.filter((test) => test.of === which).map(({ key, direction }) => [key, direction]));
  return { sites: of('sites'), phones: of('phones'), samePhones };
}

/** What is said of a published cell; all null without a month to compare with. */
export function changeOf(
  now: Omit<PublishedCell, 'change'>,
  earlier: PublishedCell | undefined,
  arrows: Arrows | undefined,
): Change {
  const none = { beforeSites: null, sites: null, beforePhones: null, phones: null };
  if (arrows === undefined) return none;
  if (earlier === undefined) return { ...none, sites: 'new', phones: now.phones === null ? null : 'new' };
  const key = cellKey(now);
  const phones = !arrows.samePhones || now.phones === null || earlier.phones === null ? null : earlier.phones;
  return {
    beforeSites: earlier.sites,
    sites: trendOf(arrows.sites.get(key)),
    beforePhones: phones,
    // Phones of models say little beside their sites, and each number that is tested makes the others harder to find.
    phones: phones === null || now.query === 'phone_model' ? null : trendOf(arrows.phones.get(key)),
  };
}

function trendOf(direction: 'up' | 'down' | undefined): Trend {
  return direction ?? 'not-significant';
}

function isTested(cell: NoisedCell, was: NoisedCell, reading: Reading): boolean {
  if (ALWAYS_SHOWN.includes(cell.query)) return true;
  return cell.sites + was.sites >= 2 * reading.least(cell.query);
}

interface Comparison {
  readonly earlier: Reading;
  readonly later: Reading;
  readonly samePhones: boolean;
}

/** Phones are tested where they are large enough to say anything: by sites, which their noise has no part in. */
function testsOf(cell: NoisedCell, was: NoisedCell, { earlier, later, samePhones }: Comparison): Tested[] {
  const key = cellKey(cell);
  const sites = tested(key, 'sites', cell.sites - was.sites, variancesOf(cell.query, earlier, later));
  const [now, then] = [later.phones(cell), earlier.phones(cell)];
  if (!samePhones || cell.query === 'phone_model' || now === undefined || then === undefined) return [sites];
  return [sites, tested(key, 'phones', now.value - then.value, now.variance + then.variance)];
}

function variancesOf(query: QueryName, earlier: Reading, later: Reading): number {
  return earlier.siteVariance(query) + later.siteVariance(query);
}

/** Without noise every difference is one. */
function tested(key: string, of: Tested['of'], difference: number, variance: number): Tested {
  const direction = difference > 0 ? 'up' : 'down';
  if (variance === 0) return { key, of, direction, p: difference === 0 ? 1 : 0 };
  return { key, of, direction, p: twoSided(Math.abs(difference) / Math.sqrt(variance)) };
}

function rejected(tests: readonly Tested[]): Tested[] {
  const sorted = tests.toSorted((a, b) => a.p - b.p);
  const last = sorted.findLastIndex(({ p }, i) => p <= (FALSE_ARROWS * (i + 1)) / sorted.length);
  return sorted.slice(0, last + 1);
}

/** P(|Z| >= z) of a standard normal: the complementary error function by a Chebyshev fit, relative error under 1.2e-7 (W. H. Press and others, Numerical Recipes, `erfcc`). */
export function twoSided(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ].reduce((sum, c) => sum * t + c, 0);
  return t * Math.exp(-x * x + series);
}
