import { describe, expect, test } from 'vitest';
import type { NoisedCell, QueryName } from '../../schemas/release.ts';
import { cellKey, roundTo } from '../../services/core/release-cell.ts';
import { arrowsBetween, twoSided } from '../../services/releases/numbers/change.ts';
import { gateOf, sigmasFor } from '../../services/releases/numbers/gate.ts';
import { LEAST_FLEET, publish } from '../../services/releases/numbers/publish.ts';
import type { Published } from '../../services/releases/numbers/published.ts';
import { queriesAt, queryNamed } from '../../services/releases/numbers/queries.ts';
import { marginOf, roundingIn } from '../../services/releases/numbers/rounding.ts';
import type { NoisedPeriod } from '../../services/releases/numbers/shown.ts';
import { madeUpMonth, madeUpPeriod, noisedCells } from '../support/made-up-release.ts';
import { normalBelow } from '../support/release-statistics.ts';

const issue = (period: NoisedPeriod, other: Partial<Parameters<typeof publish>[0]> = {}) =>
  publish({ period, approved: () => false, ...other });
const named = (published: Published, query: QueryName) => published.cells.filter((cell) => cell.query === query);
const model = (published: Published, name: string) => published.cells.find((cell) => cell.model === name);
const changed = (change: (cell: NoisedCell) => Partial<NoisedCell>) =>
  madeUpPeriod(
    'noised',
    noisedCells().map((cell) => ({ ...cell, ...change(cell) })),
  );

describe('a published number', () => {
  test('is rounded: sites to 5, phones to 10 with noise and to 50 without', () => {
    expect(model(issue(madeUpPeriod()), 'SIP-T46S')).toMatchObject({ sites: 1_875 });
    expect((model(issue(madeUpPeriod()), 'SIP-T46S')?.phones ?? 1) % 10).toBe(0);
    expect(model(issue(madeUpPeriod('threshold')), 'SIP-T46S')).toMatchObject({ sites: 1_875, phones: 14_200 });
    expect([97, 97.5, 98, 102].map((value) => roundTo(value, 5))).toEqual([95, 100, 100, 100]);
  });

  test('has a margin of 2.1 s and half a step, and of 3 s within one s of its gate', () => {
    const published = issue(madeUpPeriod());
    expect(model(published, 'SIP-T46S')?.sitesMargin).toBe(Math.ceil(2.1 * Math.sqrt(40) + 2.5));
    expect(model(published, 'SIP-T21P E2')?.sitesMargin).toBe(Math.ceil(2.1 * Math.sqrt(40) + 2.5));
    const near = issue(changed((cell) => (cell.model === 'SIP-T21P E2' ? { sites: 22 } : {})));
    expect(model(near, 'SIP-T21P E2')?.sitesMargin).toBe(Math.ceil(3 * Math.sqrt(40) + 2.5));
    expect(named(published, 'all')[0]?.sitesMargin).toBe(Math.ceil(2.1 * Math.sqrt(200) + 2.5));
    expect(named(issue(madeUpPeriod('threshold')), 'platform')[0]?.sitesMargin).toBe(3);
  });

  test('is within its margin of the truth in 95 of 100 cases, exactly computed', () => {
    const { sites: step } = roundingIn('noised');
    for (const { sites: measure } of queriesAt(24)) {
      const { variance, title } = measure;
      const reach = Math.ceil(12 * Math.sqrt(variance));
      const noise = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
      const weight = (x: number) => Math.exp((-x * x) / (2 * variance));
      const all = noise.reduce((sum, x) => sum + weight(x), 0);
      for (let truth = 1_000; truth < 1_000 + step; truth++) {
        const within = noise.filter((x) => Math.abs(roundTo(truth + x, step) - truth) <= marginOf(step, variance));
        expect(within.reduce((sum, x) => sum + weight(x), 0) / all, title).toBeGreaterThan(0.95);
      }
    }
  });

  test('is published from its gate on, and nothing below', () => {
    const query = queryNamed('phone_model', 48);
    const gate = gateOf(sigmasFor(query, 11), query.sites.variance);
    const at = (sites: number) => issue(changed((cell) => (cell.model === 'SIP-T19P' ? { sites } : {})));
    expect(model(at(gate), 'SIP-T19P')?.sites).toBe(roundTo(gate, 5));
    expect(model(at(gate - 1), 'SIP-T19P')).toBeUndefined();
  });

  test('holds nothing besides what is published', () => {
    expect(Object.keys(model(issue(madeUpPeriod()), 'SIP-T46S') ?? {}).sort()).toEqual([
      ...[
        'category',
        'change',
        'model',
        'phones',
        'phonesMargin',
        'platform',
        'query',
        'share',
        'sites',
        'sitesMargin',
        'vendor',
      ],
    ]);
  });
});

describe('phones', () => {
  test('are shown by their sites and last month’s phones for a site, whatever they came out as themselves', () => {
    const few = issue(madeUpPeriod());
    expect(model(few, 'SIP-T21P E2')?.phones).toBeNull();
    const high = issue(changed((cell) => (cell.model === 'SIP-T21P E2' ? { phones: 9_000 } : {})));
    expect(model(high, 'SIP-T21P E2')?.phones).toBeNull();
    const low = issue(changed((cell) => (cell.model === 'SIP-T48G' ? { phones: -900 } : {})));
    expect(model(low, 'SIP-T48G')?.phones).not.toBeNull();
  });

  test('are shown from fewer sites on where the month before had more phones for a site', () => {
    const before = { period: madeUpPeriod(), published: { ...issue(madeUpPeriod()), perSite: { phone_model: 100 } } };
    expect(model(issue(madeUpPeriod(), { before }), 'SIP-T21P E2')?.phones).not.toBeNull();
  });

  test('of models, makers and the fleet agree but for what is not shown and rounding', () => {
    const published = issue(madeUpPeriod());
    const makers = named(published, 'phone_vendor').reduce((sum, { phones }) => sum + (phones ?? 0), 0);
    expect(Math.abs(makers - (named(published, 'all')[0]?.phones ?? 0))).toBeLessThan(40);
    const cisco = published.cells.filter(({ vendor, query }) => vendor === 'Cisco' && query !== 'platform_vendor');
    expect(Math.abs((cisco[0]?.phones ?? 0) - (cisco[1]?.phones ?? 1e9))).toBeLessThanOrEqual(10);
  });

  test('have the margin of the agreement, narrower than that of their own noise', () => {
    const own = 2.1 * Math.sqrt(queryNamed('phone_vendor', 48).phones?.variance ?? 0);
    const [maker] = named(issue(madeUpPeriod()), 'phone_vendor');
    expect(maker?.phonesMargin ?? Number.POSITIVE_INFINITY).toBeLessThan(own);
  });
});

describe('a fleet', () => {
  const sized = (sites: number) => issue(changed((cell) => (cell.query === 'all' ? { sites } : {})));

  test('of 300 sites has a release, also when noise makes it look a little smaller', () => {
    expect(LEAST_FLEET).toBe(300);
    for (const sites of [258, 300, 900]) expect(sized(sites).largeEnough).toBe(true);
    expect(sized(300).cells.length).toBeGreaterThan(20);
  });

  test('that is certainly smaller has the number of all sites and nothing else', () => {
    const small = sized(250);
    expect(small.largeEnough).toBe(false);
    expect(small.cells.map(({ query }) => query)).toEqual(['all']);
  });

  test('of any size has a release in the threshold profile', () => {
    const cells = noisedCells(0.01);
    expect(issue(madeUpPeriod('threshold', cells)).cells.length).toBeGreaterThan(3);
  });
});

describe('a share', () => {
  test('is of all sites, and of a maker on a platform of that platform’s', () => {
    const published = issue(madeUpPeriod());
    expect(named(published, 'platform').find(({ platform }) => platform === '3CX 20')?.share).toBeCloseTo(
      1_405 / 8_125,
      4,
    );
    const maker = named(published, 'platform_vendor').find(
      ({ platform, vendor }) => platform === '3CX 20' && vendor === 'Yealink',
    );
    expect(maker?.share).toBeCloseTo((maker?.sites ?? 0) / 1_405, 4);
    expect(named(published, 'all')[0]?.share).toBeNull();
  });

  test('is never more than everything', () => {
    const odd = issue(changed((cell) => (cell.query === 'platform_vendor' ? { sites: 9_000 } : {})));
    for (const { share } of named(odd, 'platform_vendor')) expect(share).toBe(1);
  });
});

describe('a held cell', () => {
  const held = changed((cell) => (cell.model === 'SIP-T46S' ? { held: 'growth' } : {}));

  test('is out until it is approved', () => {
    expect(model(issue(held), 'SIP-T46S')).toBeUndefined();
    expect(model(issue(held, { approved: (cell) => cell.model === 'SIP-T46S' }), 'SIP-T46S')?.sites).toBe(1_875);
  });

  test('is the only kind that is asked about', () => {
    const asked: string[] = [];
    issue(held, { approved: (cell) => asked.push(cell.model) > 9 });
    expect(asked).toEqual(['SIP-T46S']);
  });
});

describe('a change', () => {
  const month = (factor: Record<string, number>) =>
    changed((cell) => ({ sites: Math.round(cell.sites * (factor[cell.model] ?? 1)) }));
  const following = (now: NoisedPeriod, then = madeUpPeriod()) =>
    issue(now, { before: { period: then, published: issue(then) } });

  test('is told of a number that moved far, and of no other', () => {
    const published = following(month({ 'SIP-T46S': 1.2, 'VVX 411': 0.8 }));
    expect(model(published, 'SIP-T46S')?.change).toMatchObject({ beforeSites: 1_875, sites: 'up' });
    expect(model(published, 'VVX 411')?.change).toMatchObject({ beforeSites: 905, sites: 'down' });
    const others = published.cells.filter((cell) => !['SIP-T46S', 'VVX 411'].includes(cell.model));
    for (const cell of others) expect(cell.change.sites, cellKey(cell)).toBe('not-significant');
  });

  test('is harder to tell among many that do not move: chance has more tries', () => {
    const moved = (sites: number) => (cell: NoisedCell) => (cell.model === 'CCX 500' ? { sites } : {});
    const alone = (period: NoisedPeriod) => ({
      ...period,
      cells: period.cells.filter(({ query, model }) => query === 'all' || model === 'CCX 500'),
    });
    // 24 sites: 2.6 deviations of the difference.
    expect(arrowsBetween(alone(madeUpPeriod()), alone(changed(moved(257)))).sites.size).toBe(1);
    expect(arrowsBetween(madeUpPeriod(), changed(moved(257))).sites.size).toBe(0);
  });

  test('to what was not published before is new', () => {
    const then = changed((cell) => (cell.model === 'CCX 500' ? { sites: 2 } : {}));
    expect(model(following(madeUpPeriod(), then), 'CCX 500')?.change).toMatchObject({
      beforeSites: null,
      sites: 'new',
    });
  });

  test('of phones is not told between months of two caps', () => {
    const then = { ...madeUpPeriod(), cap: 24 };
    for (const cell of following(madeUpPeriod(), then).cells)
      expect(cell.change, cellKey(cell)).toMatchObject({ beforePhones: null });
    const same = named(following(madeUpPeriod()), 'phone_vendor');
    for (const { change } of same) expect(change.phones).toBe('not-significant');
  });

  test('is nothing without a month before', () => {
    for (const { change } of issue(madeUpPeriod()).cells)
      expect(change).toEqual({ beforeSites: null, sites: null, beforePhones: null, phones: null });
  });

  test('is judged by the normal distribution', () => {
    for (const z of [0, 0.3, 1, 1.96, 3, 4.5]) expect(twoSided(z)).toBeCloseTo(2 * (1 - normalBelow(z)), 6);
    expect(twoSided(6) / (2 * normalBelow(-6))).toBeCloseTo(1, 5);
  });
});

test('a release is in its order whatever order the cells come in', () => {
  const backwards = madeUpPeriod('noised', noisedCells().reverse());
  expect(issue(backwards).cells).toEqual(issue(madeUpPeriod()).cells);
});

test('what is published says how much of the list it covers, and from where on', () => {
  const coverage = madeUpMonth().coverage.find(({ query }) => query === 'phone_model');
  expect(coverage?.listed).toHaveLength(11);
  expect(coverage?.from).toBeGreaterThan(15);
});
