import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { MAX_BOUNDED } from '../../schemas/fact.ts';
import type { BoundedRow, Profile } from '../../schemas/release.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { breakApart } from '../../services/ingest/break-apart.ts';
import type { CountedModel } from '../../services/ingest/identify-lines.ts';
import { DELTA, epsilonOf, rhoOf, rhoOfPeriod } from '../../services/releases/numbers/accountant.ts';
import type { GatedCell } from '../../services/releases/numbers/cell.ts';
import { noiseCube } from '../../services/releases/numbers/noise.ts';
import { MEASURES, type Measure, queryNamed, queryOf } from '../../services/releases/numbers/queries.ts';
import { chanceBetween, normalQuantile } from '../support/release-statistics.ts';

/*
 * An attacker who knows every other site, and wants to know whether one site took part. It releases the cube many times
 * with and without the site, each time under a fresh key, and says "with" when the releases' likelihood ratio is above 1:
 * no other attack of one release is better (Neyman-Pearson). From how often it is right follows a lower bound of what the
 * noise loses (Clopper-Pearson). The bound has to stay under the claim; a test of it that cannot exceed is none, so that
 * the same audit is made of releases without noise and of releases with too little.
 */
const PERIOD = parsePeriod('2026-11');
const RELEASES = 3_000;
const CONFIDENCE = 0.999;

const range = (most: number) => Array.from({ length: most }, (_, i) => i);
const listed = (category: CountedModel['category'], most: number, count: number): CountedModel[] =>
  range(most).map((i) => ({ view: 'model', category, vendor: `V${i}`, model: `${category} ${i}`, count }));

/** A site with as much as it may add to every query, broken apart by ingest itself. */
const WORST = breakApart({
  ...{ token: Buffer.from('w'.repeat(22)), period: PERIOD, sequence: 1, platform: 'FreePBX 17', withdraw: false },
  models: [
    ...listed('phone', 12, 400),
    ...listed('dect', 12, 9),
    ...listed('pci', 6, 1),
    ...listed('nic', 4, 1),
    ...listed('cpu', 2, 1),
    ...listed('memory', 2, 1),
    ...listed('board', 2, 1),
  ],
}).filter((fact) => fact.bounded > 0);

/** The cells of the site in a fleet where all of them pass the gate. */
const cube = (having: boolean): BoundedRow[] =>
  WORST.map(({ view, platform, category, vendor, model, bounded }) => ({
    ...{ view, platform, category, vendor, model, sites: 1_001, devices: 20_050 },
    boundedSites: 1_000 + (having ? 1 : 0),
    boundedDevices: 20_000 + (having ? bounded : 0),
  }));

/** For each number's title, and `all`: the log of how much likelier the release is with the site than without. */
type Score = ReadonlyMap<string, number>;
const cellOf = ({ platform, vendor, model }: { platform: string; vendor: string; model: string }) =>
  JSON.stringify([platform, vendor, model]);

/** Scores one release. `factor` under 1 is less noise than the attacker, and the claim, take it to have. */
function score(having: boolean, rows: readonly BoundedRow[], released: readonly GatedCell[], factor: number): Score {
  const scores = new Map<string, number>([['all', 0]]);
  const add = ({ title, variance }: Measure, by: number, noise: number) => {
    // ln of exp(-(x - by)^2 / 2 s^2) over exp(-x^2 / 2 s^2), x being how far the number is above the one without.
    const x = (having ? by : 0) + factor * noise;
    const likelier = (by * (x - by / 2)) / variance;
    for (const name of ['all', title]) scores.set(name, (scores.get(name) ?? 0) + likelier);
  };
  for (const cell of released) {
    const { sites, phones } = queryNamed(cell.query);
    const row = rows.find((one) => queryOf(one)?.name === cell.query && cellOf(one) === cellOf(cell)) as BoundedRow;
    add(sites, 1, cell.sites - row.boundedSites);
    if (phones) add(phones, MAX_BOUNDED, (cell.phones as number) - row.boundedDevices);
  }
  return scores;
}

/** What an attacker sees: scores of many releases with the site and of as many without. */
interface Sightings {
  readonly having: readonly Score[];
  readonly without: readonly Score[];
}

function releases(having: boolean, profile: Profile): GatedCell[][] {
  const rows = cube(having);
  return range(RELEASES).map((run) => {
    const key = { key: createHash('sha256').update(`${having} ${run}`).digest('hex'), digest: 'd' };
    return noiseCube({ period: PERIOD, profile, key, threshold: 10, rows });
  });
}

interface Released {
  readonly having: GatedCell[][];
  readonly without: GatedCell[][];
}
const releaseAll = (profile: Profile): Released => ({
  having: releases(true, profile),
  without: releases(false, profile),
});

function watch({ having, without }: Released, factor = 1): Sightings {
  const rows = { with: cube(true), without: cube(false) };
  return {
    having: having.map((released) => score(true, rows.with, released, factor)),
    without: without.map((released) => score(false, rows.without, released, factor)),
  };
}

/** How often at least the attacker is right about a site that is there, and how often at most it is wrong about one that is not. */
function rates({ having, without }: Sightings, name: string, above: number): { right: number; wrong: number } {
  const hits = (scores: readonly Score[]) => scores.filter((one) => (one.get(name) as number) > above).length;
  return {
    right: chanceBetween(hits(having), RELEASES, CONFIDENCE)[0],
    wrong: chanceBetween(hits(without), RELEASES, CONFIDENCE)[1],
  };
}

/** A lower bound of epsilon at delta: P(with) <= e^epsilon P(without) + delta for every event. */
function epsilonAtLeast(sightings: Sightings, name: string): number {
  const bounds = [0, 0.5, 1].map((above) => {
    const { right, wrong } = rates(sightings, name, above);
    return Math.log(Math.max(right - DELTA, 0) / wrong);
  });
  return Math.max(...bounds);
}

/**
 * A lower bound of rho, which is much nearer to the truth: noise of rho moves the score by sqrt(2 rho) of its deviations
 * (Gaussian differential privacy; Dong, Roth, Su 2019), and the two rates say how far it was moved.
 */
function rhoAtLeast(sightings: Sightings, name: string): number {
  const { right, wrong } = rates(sightings, name, 0);
  const moved = Math.max(0, normalQuantile(right) - normalQuantile(wrong));
  return moved ** 2 / 2;
}

const CLAIMED = new Map([['all', rhoOfPeriod()], ...MEASURES.map((m) => [m.title, rhoOf(m)] as const)]);
const EPSILON = epsilonOf(rhoOfPeriod(), DELTA);

describe('the site of the audit', () => {
  test('is the worst there is: it reaches the bound of every number', () => {
    const squares = new Map<string, number>();
    for (const fact of WORST) {
      const query = queryOf(fact);
      if (!query) throw new Error('a fact of no query');
      squares.set(query.sites.title, (squares.get(query.sites.title) ?? 0) + 1);
      if (query.phones) squares.set(query.phones.title, (squares.get(query.phones.title) ?? 0) + fact.bounded ** 2);
    }
    expect(squares).toEqual(new Map(MEASURES.map(({ title, boundSquared }) => [title, boundSquared])));
  });
});

let noised: Released;
beforeAll(() => {
  noised = releaseAll('noised');
});

describe('an audit of releases as they are', () => {
  test('finds less than is claimed, in all numbers together and in each', () => {
    const sightings = watch(noised);
    expect(epsilonAtLeast(sightings, 'all')).toBeLessThan(EPSILON);
    for (const [name, rho] of CLAIMED) {
      expect(epsilonAtLeast(sightings, name), name).toBeLessThan(epsilonOf(rho, DELTA));
      expect(rhoAtLeast(sightings, name), name).toBeLessThan(rho);
    }
  });

  test('is a sharp one: what it proves of all numbers together is more than half of what is claimed', () => {
    expect(rhoAtLeast(watch(noised), 'all')).toBeGreaterThan(rhoOfPeriod() / 2);
  });
});

describe('the same audit fails', () => {
  test('when noise is switched off, in all numbers together and in each', () => {
    const sightings = watch(releaseAll('threshold'));
    expect(epsilonAtLeast(sightings, 'all')).toBeGreaterThan(EPSILON);
    for (const [name, rho] of CLAIMED) expect(rhoAtLeast(sightings, name), name).toBeGreaterThan(rho);
  });

  test('when there is three quarters of the noise', () => {
    expect(rhoAtLeast(watch(noised, 0.75), 'all')).toBeGreaterThan(rhoOfPeriod());
  });
});
