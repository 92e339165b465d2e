import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Profile, ReleaseCell, SlotSum } from '../../schemas/release.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { cellKey } from '../../services/core/release-cell.ts';
import type { CountedModel } from '../../services/ingest/identify-lines.ts';
import { slotsOf } from '../../services/ingest/slots.ts';
import { DELTA, epsilonOf, rhoOf, rhoOfPeriod } from '../../services/releases/numbers/accountant.ts';
import { noiseListed, type UnheldCell } from '../../services/releases/numbers/noise.ts';
import { type Measure, measuresAt, queryNamed } from '../../services/releases/numbers/queries.ts';
import { chanceBetween, normalQuantile } from '../support/release-statistics.ts';

/*
 * An attacker who knows every other site, and wants to know whether one site took part. It draws the noise many times
 * with and without the site, each time under a fresh key, and says "with" when the likelihood ratio of all noised numbers
 * is above 1: no other attack of one release is better (Neyman-Pearson). From how often it is right follows a lower bound
 * of what the noise loses (Clopper-Pearson). The bound has to stay under the claim; a test of it that cannot exceed is
 * none, so that the same audit is made of releases without noise and of releases with too little.
 */
const PERIOD = parsePeriod('2026-11');
const RELEASES = 3_000;
const CONFIDENCE = 0.999;
const MEASURES = measuresAt(FIRST_CAP);

const range = (most: number) => Array.from({ length: most }, (_, i) => i);
const listed = (category: CountedModel['category'], most: number, count: number): CountedModel[] =>
  range(most).map((i) => ({ view: 'model', category, vendor: 'V', model: `${category} ${i}`, count }));
const makers: CountedModel[] = range(2).map((i) => ({
  view: 'model',
  category: 'phone',
  vendor: `W${i}`,
  model: 'x',
  count: 1,
}));

const cell = (query: ReleaseCell['query'], names: Partial<ReleaseCell> = {}): ReleaseCell => ({
  ...{ platform: '', category: '', vendor: '', model: '' },
  ...names,
  query,
});

/** What a site adds that fills every slot, and six of one maker's phones to their caps: the worst for phones together. */
function worst(models: readonly CountedModel[]): SlotSum[] {
  const site = {
    token: Buffer.from('w'.repeat(22)),
    period: PERIOD,
    sequence: 1,
    platform: 'FreePBX 17',
    withdraw: false,
    models,
  };
  const slots = slotsOf(site, FIRST_CAP).filter(({ amount }) => amount > 0);
  const of = (lane: string) => slots.filter((slot) => slot.lane === lane);
  const phones = of('phones').reduce((sum, { amount }) => sum + amount, 0);
  const names = ({ platform, category, vendor, model }: (typeof slots)[number]) => ({
    platform,
    category,
    vendor,
    model,
  });
  const one = (query: ReleaseCell['query'], slot: (typeof slots)[number], amount = 0): SlotSum => {
    return { ...cell(query, names(slot)), sites: 1, phones: amount };
  };
  const vendor = of('phones')[0]?.vendor ?? '';
  return [
    { ...cell('all'), sites: 1, phones },
    { ...cell('at_cap'), sites: 1, phones: 0 },
    ...of('platforms').map((slot) => one('platform', slot)),
    ...of('makers').map((slot) => one('platform_vendor', slot)),
    ...of('makers').map(({ vendor: name }) => ({
      ...cell('phone_vendor', { category: 'phone', vendor: name }),
      ...{ sites: 1, phones: name === vendor ? phones : 0 },
    })),
    ...of('phones').map((slot) => one('phone_model', slot, slot.amount)),
    ...of('endpoints').map((slot) => one('endpoint_model', slot)),
    ...of('cards').map((slot) => one('pci_model', slot)),
    ...of('nics').map((slot) => one('nic_model', slot)),
    ...of('cpus').map((slot) => one('cpu', slot)),
    ...of('memories').map((slot) => one('memory', slot)),
    ...of('boards').map((slot) => one('board', slot)),
  ];
}

const ENDPOINTS = [...listed('dect', 8, 9), ...listed('pci', 6, 1), ...listed('nic', 4, 1), ...listed('cpu', 2, 1)];
const REST = [...ENDPOINTS, ...listed('memory', 2, 1), ...listed('board', 2, 1)];
const WORST = worst([...listed('phone', 8, 400), ...makers, ...REST]);
const LISTED: readonly ReleaseCell[] = WORST.map(({ sites: _, phones: __, ...names }) => names);

const sums = (having: boolean): SlotSum[] =>
  WORST.map((sum) => ({ ...sum, sites: 1_000 + (having ? sum.sites : 0), phones: 20_000 + (having ? sum.phones : 0) }));

/** For each number's title, and `all`: the log of how much likelier the release is with the site than without. */
type Score = ReadonlyMap<string, number>;

const MOVED = new Map(WORST.map((sum) => [cellKey(sum), sum]));

/** Scores one release. `factor` under 1 is less noise than the attacker, and the claim, take it to have. */
function score(having: boolean, released: readonly UnheldCell[], factor: number): Score {
  const scores = new Map<string, number>([['all', 0]]);
  const add = ({ title, variance }: Measure, by: number, noise: number) => {
    // ln of exp(-(x - by)^2 / 2 s^2) over exp(-x^2 / 2 s^2), x being how far the number is above the one without.
    const x = (having ? by : 0) + factor * noise;
    const likelier = (by * (x - by / 2)) / variance;
    for (const name of ['all', title]) scores.set(name, (scores.get(name) ?? 0) + likelier);
  };
  for (const one of released) {
    const { sites, phones } = queryNamed(one.query, FIRST_CAP);
    const by = MOVED.get(cellKey(one)) as SlotSum;
    add(sites, by.sites, one.sites - 1_000 - (having ? by.sites : 0));
    if (phones) add(phones, by.phones, (one.phones as number) - 20_000 - (having ? by.phones : 0));
  }
  return scores;
}

/** What an attacker sees: scores of many releases with the site and of as many without. */
interface Sightings {
  readonly having: readonly Score[];
  readonly without: readonly Score[];
}

function releases(having: boolean, profile: Profile): UnheldCell[][] {
  return range(RELEASES).map((run) => {
    const key = { key: createHash('sha256').update(`${having} ${run}`).digest('hex'), digest: 'd' };
    return noiseListed({ period: PERIOD, profile, key, cap: FIRST_CAP, listed: LISTED, sums: sums(having) });
  });
}

interface Released {
  readonly having: UnheldCell[][];
  readonly without: UnheldCell[][];
}
const releaseAll = (profile: Profile): Released => ({
  having: releases(true, profile),
  without: releases(false, profile),
});

function watch({ having, without }: Released, factor = 1): Sightings {
  return {
    having: having.map((released) => score(true, released, factor)),
    without: without.map((released) => score(false, released, factor)),
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

const CLAIMED = new Map([['all', rhoOfPeriod(MEASURES)], ...MEASURES.map((m) => [m.title, rhoOf(m)] as const)]);
const EPSILON = epsilonOf(rhoOfPeriod(MEASURES), DELTA);

describe('the site of the audit', () => {
  test('is the worst there is: it reaches the bound of every number at once', () => {
    const squares = new Map<string, number>();
    const add = ({ title }: Measure, by: number) => squares.set(title, (squares.get(title) ?? 0) + by ** 2);
    for (const sum of WORST) {
      const query = queryNamed(sum.query, FIRST_CAP);
      add(query.sites, sum.sites);
      if (query.phones) add(query.phones, sum.phones);
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

  test('is a sharp one: what it proves of all numbers together is more than two fifths of what is claimed', () => {
    expect(rhoAtLeast(watch(noised), 'all')).toBeGreaterThan(0.4 * rhoOfPeriod(MEASURES));
  });
});

describe('the same audit fails', () => {
  test('when noise is switched off, in all numbers together and in each', () => {
    const sightings = watch(releaseAll('threshold'));
    expect(epsilonAtLeast(sightings, 'all')).toBeGreaterThan(EPSILON);
    for (const [name, rho] of CLAIMED) expect(rhoAtLeast(sightings, name), name).toBeGreaterThan(rho);
  });

  test('when there is three quarters of the noise', () => {
    expect(rhoAtLeast(watch(noised, 0.75), 'all')).toBeGreaterThan(rhoOfPeriod(MEASURES));
  });
});
