import { describe, expect, test } from 'vitest';
import type { NoisedCell, QueryName } from '../../schemas/release.ts';
import { ROUNDING, roundTo } from '../../services/core/release-cell.ts';
import { LEAST_SAMPLE, publish } from '../../services/releases/numbers/publish.ts';
import type { Published } from '../../services/releases/numbers/published.ts';
import { MEASURES } from '../../services/releases/numbers/queries.ts';
import { isSignificant, marginOf } from '../../services/releases/numbers/rounding.ts';
import { vendorPhones } from '../../services/releases/numbers/vendor-phones.ts';

const none = { platform: '', category: '', vendor: '', model: '', phones: null, held: false } as const;
const platform = (name: string, sites: number): NoisedCell => ({ ...none, query: 'platform', platform: name, sites });
const phone = (model: string, sites: number, phones: number | null = null, vendor = 'Yealink'): NoisedCell => ({
  ...{ ...none, query: 'phone_model', category: 'phone', vendor, model, sites, phones },
});
const vendor = (sites: number): NoisedCell => ({
  ...{ ...none, query: 'phone_vendor', category: 'phone', vendor: 'Yealink', sites },
});
const held = (cell: NoisedCell): NoisedCell => ({ ...cell, held: true });

const SAMPLE = [platform('3CX 20', 803), platform('FreePBX 17', 1_196)];
const issue = (cells: readonly NoisedCell[], other: Partial<Parameters<typeof publish>[1]> = {}) =>
  publish(cells, { profile: 'noised', approved: () => false, ...other });
const named = (published: Published, query: QueryName) => published.cells.filter((cell) => cell.query === query);

describe('a published number', () => {
  test('is rounded: sites to 5, phones to 50', () => {
    const [cell] = named(issue([...SAMPLE, phone('T46S', 98, 2_026)]), 'phone_model');
    expect(cell).toMatchObject({ sites: 100, phones: 2_050 });
    expect(ROUNDING).toEqual({ sites: 5, phones: 50 });
    expect([97, 97.5, 98, 102].map((value) => roundTo(value, 5))).toEqual([95, 100, 100, 100]);
  });

  test('has a margin of 1.96 s and half a step, rounded up', () => {
    const [cell] = named(issue([...SAMPLE, phone('T46S', 98, 2_026)]), 'phone_model');
    expect(cell).toMatchObject({ sitesMargin: 19, phonesMargin: 809 });
    expect(named(issue(SAMPLE), 'platform')[0]?.sitesMargin).toBe(17);
    expect(named(issue(SAMPLE, { profile: 'threshold' }), 'platform')[0]?.sitesMargin).toBe(3);
  });

  test('is within its margin of the truth in 95 of 100 cases, exactly computed', () => {
    for (const measure of MEASURES) {
      const { variance, rounding } = measure;
      const reach = Math.ceil(12 * Math.sqrt(variance));
      const noise = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
      const weight = (x: number) => Math.exp((-x * x) / (2 * variance));
      const all = noise.reduce((sum, x) => sum + weight(x), 0);
      for (let truth = 1_000; truth < 1_000 + rounding; truth++) {
        const within = noise.filter(
          (x) => Math.abs(roundTo(truth + x, rounding) - truth) <= marginOf(measure, variance),
        );
        expect(within.reduce((sum, x) => sum + weight(x), 0) / all, measure.title).toBeGreaterThan(0.95);
      }
    }
  });

  test('says nothing of a number of phones that did not pass', () => {
    expect(named(issue([...SAMPLE, phone('T46S', 98)]), 'phone_model')[0]).toMatchObject({
      ...{ phones: null, phonesMargin: null },
    });
  });

  test('holds nothing besides what is published', () => {
    const [cell] = named(issue([...SAMPLE, phone('T46S', 98, 2_026)]), 'phone_model');
    expect(cell).toEqual({
      ...{ query: 'phone_model', platform: '', category: 'phone', vendor: 'Yealink', model: 'T46S' },
      ...{ sites: 100, sitesMargin: 19, share: 0.05, phones: 2_050, phonesMargin: 809 },
      change: { beforeSites: null, sites: null, beforePhones: null, phones: null },
    });
  });
});

describe('the sample', () => {
  test('is the sum of the published platforms, with the margin of a sum', () => {
    expect(issue(SAMPLE)).toMatchObject({ sampleSites: 2_000, modelsReleased: true });
    // 1.96 sqrt(2 * 50) + 2 * 2.5 = 24.6
    expect(issue(SAMPLE).sampleMargin).toBe(25);
  });

  test('is none without a platform, and then there are no shares', () => {
    const published = issue([vendor(300)]);
    expect(published).toMatchObject({ sampleSites: null, sampleMargin: null, modelsReleased: false });
    expect(published.cells.map((cell) => cell.share)).toEqual([null]);
  });

  test('of fewer than 1,000 sites releases no model of any kind, but coarser numbers', () => {
    const models: NoisedCell[] = (
      ['phone_model', 'endpoint_model', 'pci_model', 'nic_model', 'cpu', 'memory', 'board'] as const
    ).map((query) => ({ ...phone('M', 500), query }));
    const vendors: NoisedCell[] = [vendor(500), { ...vendor(500), query: 'platform_vendor' }];
    const small = issue([platform('FreePBX 17', 997), ...vendors, ...models]);
    expect(small).toMatchObject({ sampleSites: 995, modelsReleased: false });
    expect(small.cells.map((cell) => cell.query)).toEqual(['platform', 'platform_vendor', 'phone_vendor']);
    const enough = issue([platform('FreePBX 17', 998), ...vendors, ...models]);
    expect(enough).toMatchObject({ sampleSites: LEAST_SAMPLE, modelsReleased: true });
    expect(enough.cells).toHaveLength(10);
  });

  test('of any size releases models in the threshold profile', () => {
    const small = issue([platform('FreePBX 17', 12), phone('T46S', 10, 33)], { profile: 'threshold' });
    expect(small).toMatchObject({ sampleSites: 10, modelsReleased: true });
    expect(named(small, 'phone_model')).toMatchObject([{ sites: 10, phones: 50, share: 1 }]);
  });

  test('gives each number its share', () => {
    expect(named(issue([...SAMPLE, vendor(501)]), 'phone_vendor')[0]?.share).toBe(0.25);
  });
});

describe('a held cell', () => {
  test('is out until it is approved', () => {
    const cells = [...SAMPLE, held(phone('T46S', 400)), phone('T29G', 100)];
    expect(named(issue(cells), 'phone_model').map(({ model }) => model)).toEqual(['T29G']);
    const approved = issue(cells, { approved: (cell) => cell.model === 'T46S' });
    expect(named(approved, 'phone_model').map(({ model }) => model)).toEqual(['T29G', 'T46S']);
  });

  test('is in no sum either', () => {
    const cells = [platform('3CX 20', 803), held(platform('FreePBX 17', 1_196)), phone('T46S', 400, 2_000)];
    expect(issue(cells)).toMatchObject({ sampleSites: 805, modelsReleased: false });
    const models = [...SAMPLE, phone('T29G', 100, 3_000), held(phone('T46S', 400, 2_000))];
    expect(vendorPhones(issue(models), 'Yealink').phones).toBe(3_000);
  });

  test('is the only kind that is asked about', () => {
    const asked: string[] = [];
    issue([...SAMPLE, held(vendor(90)), phone('T46S', 400)], {
      approved: (cell) => {
        asked.push(cell.query);
        return true;
      },
    });
    expect(asked).toEqual(['phone_vendor']);
  });
});

describe('a change', () => {
  const month = (sites: number, phones: number | null = null) => [...SAMPLE, phone('T46S', sites, phones)];
  const changed = (then: NoisedCell[], now: NoisedCell[]) =>
    named(issue(now, { before: issue(then) }), 'phone_model')[0]?.change;

  test.each([
    [200, 220, 'not-significant'],
    [200, 225, 'up'],
    [225, 200, 'down'],
    [220, 200, 'not-significant'],
    [200, 200, 'not-significant'],
  ])('from %d sites to %d is %s', (then, now, trend) => {
    expect(changed(month(then), month(now))).toMatchObject({ beforeSites: then, sites: trend });
  });

  test('is computed from published numbers, not from those behind them', () => {
    // 22 apart, 20 when rounded; 1.96 sqrt(2) 8 = 22.2. And 21 apart, 25 when rounded.
    expect(changed(month(202), month(224))).toMatchObject({ beforeSites: 200, sites: 'up' });
    expect(changed(month(198), month(220))).toMatchObject({ beforeSites: 200, sites: 'not-significant' });
    expect(changed(month(202), month(223))).toMatchObject({ beforeSites: 200, sites: 'up' });
  });

  test('of phones is told by the noise of phones', () => {
    expect(changed(month(200, 5_000), month(200, 6_100))).toMatchObject({
      beforePhones: 5_000,
      phones: 'not-significant',
    });
    expect(changed(month(200, 5_000), month(200, 6_150))).toMatchObject({ beforePhones: 5_000, phones: 'up' });
    expect(changed(month(200), month(200, 6_150))).toMatchObject({ beforePhones: null, phones: 'new' });
    expect(changed(month(200, 5_000), month(200))).toMatchObject({ beforePhones: 5_000, phones: null });
  });

  test('to what was not published before is new', () => {
    expect(changed(SAMPLE, month(200))).toEqual({ beforeSites: null, sites: 'new', beforePhones: null, phones: null });
    expect(changed([...SAMPLE, held(phone('T46S', 200))], month(200))).toMatchObject({ sites: 'new' });
  });

  test('is not told where models were not released before, but for coarser cells', () => {
    const now = issue([...month(200), vendor(300)], { before: issue([platform('3CX 20', 400), vendor(100)]) });
    expect(named(now, 'phone_model')[0]?.change).toMatchObject({ beforeSites: null, sites: null });
    expect(named(now, 'phone_vendor')[0]?.change).toMatchObject({ beforeSites: 100, sites: 'up' });
  });

  test('without noise is one that rounding alone cannot make', () => {
    const threshold = (sites: number, before?: Published) =>
      publish([platform('FreePBX 17', sites)], { profile: 'threshold', approved: () => true, before });
    expect(threshold(17, threshold(13)).cells[0]?.change).toMatchObject({ sites: 'not-significant' });
    expect(threshold(18, threshold(12)).cells[0]?.change).toMatchObject({ beforeSites: 10, sites: 'up' });
  });

  test('between a month with noise and one without counts the noise there was', () => {
    const before = issue(month(200));
    const without = publish(month(215), { profile: 'threshold', approved: () => true, before });
    // 1.96 * 8 = 15.7
    expect(named(without, 'phone_model')[0]?.change.sites).toBe('not-significant');
    const more = publish(month(220), { profile: 'threshold', approved: () => true, before });
    expect(named(more, 'phone_model')[0]?.change.sites).toBe('up');
    expect(isSignificant(15, MEASURES[0] as never, [0, 0])).toBe(true);
  });
});

describe("a vendor's phones", () => {
  const models = [
    phone('T29G', 100, 3_010),
    phone('T46S', 400, 2_030),
    phone('T53', 90),
    phone('D785', 90, 9_000, 'Snom'),
  ];

  test('are the sum of its published models, with the margin of a sum', () => {
    // 1.96 * 400 sqrt(2) + 2 * 25 = 1158.7
    expect(vendorPhones(issue([...SAMPLE, ...models]), 'Yealink')).toEqual({
      ...{ models: 2, phones: 5_050, phonesMargin: 1_159 },
    });
  });

  test('are none where nothing is published', () => {
    const nothing = { models: 0, phones: null, phonesMargin: null };
    expect(vendorPhones(issue([...SAMPLE, ...models]), 'Poly')).toEqual(nothing);
    expect(vendorPhones(issue([...SAMPLE, phone('T53', 90)]), 'Yealink')).toEqual(nothing);
    expect(vendorPhones(issue([platform('3CX 20', 500), ...models]), 'Yealink')).toEqual(nothing);
  });
});

test('a release is in its order whatever order the cells come in', () => {
  const cells = [...SAMPLE, vendor(300), phone('T29G', 100), phone('T46S', 400)];
  expect(issue([...cells].reverse())).toEqual(issue(cells));
  expect(issue(cells).cells.map((cell) => cell.model || cell.vendor || cell.platform)).toEqual([
    ...['3CX 20', 'FreePBX 17', 'Yealink', 'T29G', 'T46S'],
  ]);
});
