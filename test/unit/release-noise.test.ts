import { describe, expect, test } from 'vitest';
import { QUERY_NAMES, type ReleaseCell, type SlotSum } from '../../schemas/release.ts';
import { parsePeriod } from '../../services/core/period.ts';
import {
  gateOf,
  leastPublished,
  lengths,
  RELEASES_PER_FALSE_CELL,
  sigmasFor,
} from '../../services/releases/numbers/gate.ts';
import { tailAtLeast } from '../../services/releases/numbers/gaussian-tail.ts';
import { listedCells } from '../../services/releases/numbers/listed-cells.ts';
import { type NoiseOrder, noiseLabel, noiseListed } from '../../services/releases/numbers/noise.ts';
import { queriesAt, queryNamed } from '../../services/releases/numbers/queries.ts';
import { heavyNames } from '../../services/simulator/heavy-fleet.ts';

const PERIOD = parsePeriod('2026-11');
const KEY = { key: '0f'.repeat(32), digest: 'd1' };
const keys = (most: number) =>
  Array.from({ length: most }, (_, i) => ({ key: i.toString(16).padStart(64, '0'), digest: 'd1' }));

const cell = (query: ReleaseCell['query'], names: Partial<ReleaseCell> = {}): ReleaseCell => ({
  ...{ platform: '', category: '', vendor: '', model: '' },
  ...names,
  query,
});
const phone = (model: string) => cell('phone_model', { category: 'phone', vendor: 'Yealink', model });
const LISTED: readonly ReleaseCell[] = [
  cell('all'),
  cell('at_cap'),
  cell('platform', { platform: 'FreePBX 17' }),
  cell('platform_vendor', { platform: 'FreePBX 17', vendor: 'Yealink' }),
  cell('phone_vendor', { category: 'phone', vendor: 'Yealink' }),
  phone('T29G'),
  phone('T46S'),
  cell('endpoint_model', { category: 'dect', vendor: 'V', model: 'M' }),
  ...(['pci', 'nic', 'cpu', 'memory', 'board'] as const).map((category) =>
    cell(category === 'pci' || category === 'nic' ? `${category}_model` : category, {
      category,
      vendor: 'V',
      model: 'M',
    }),
  ),
];
const SUMS: readonly SlotSum[] = LISTED.filter(({ model }) => model !== 'T29G').map((one, i) => ({
  ...{ ...one, sites: 100 * (i + 1), phones: 0 },
  ...(['all', 'phone_vendor', 'phone_model'].includes(one.query) ? { phones: 2_000 } : {}),
}));

const release = (other: Partial<NoiseOrder> = {}) =>
  noiseListed({ period: PERIOD, profile: 'noised', key: KEY, cap: 24, listed: LISTED, sums: SUMS, ...other });

describe('a noised list', () => {
  test('has every listed cell, whether anybody has it or not, and none that is not listed', () => {
    const other = { ...phone('unlisted'), sites: 5_000, phones: 9 };
    const cells = release({ sums: [...SUMS, other] });
    expect(cells.map(({ query, model }) => [query, model])).toEqual(LISTED.map(({ query, model }) => [query, model]));
    expect(release({ sums: [] })).toHaveLength(LISTED.length);
  });

  test('gives a cell that nobody has noise like every other: 0 and more and less', () => {
    const zeros = keys(200).map((key) => release({ key }).find(({ model }) => model === 'T29G')?.sites ?? 0);
    expect(zeros.filter((sites) => sites < 0).length).toBeGreaterThan(60);
    expect(zeros.filter((sites) => sites > 0).length).toBeGreaterThan(60);
  });

  test('has the noise of its variance in every number', () => {
    const many = keys(300);
    const truth = new Map(SUMS.map((sum) => [JSON.stringify([sum.query, sum.model]), sum]));
    const squares = new Map<string, number[]>();
    for (const key of many)
      for (const { query, model, sites, phones } of release({ key })) {
        const exact = truth.get(JSON.stringify([query, model]));
        const add = (name: string, off: number) => squares.set(name, [...(squares.get(name) ?? []), off]);
        add(query, sites - (exact?.sites ?? 0));
        if (phones !== null) add(`${query} phones`, phones - (exact?.phones ?? 0));
      }
    for (const { name, sites, phones } of queriesAt(24))
      for (const [key, variance] of [
        [name, sites.variance] as const,
        ...(phones ? [[`${name} phones`, phones.variance] as const] : []),
      ]) {
        const offs = squares.get(key) ?? [];
        const [n, s] = [offs.length, Math.sqrt(variance)];
        const mean = offs.reduce((sum, off) => sum + off, 0) / n;
        const spread = offs.reduce((sum, off) => sum + off * off, 0) / n / variance;
        // The mean of n draws is off by s / sqrt(n), their variance by s^2 sqrt(2 / n): four times that is never seen.
        expect(Math.abs(mean), key).toBeLessThan((4 * s) / Math.sqrt(n));
        expect(Math.abs(spread - 1), key).toBeLessThan(4 * Math.sqrt(2 / n));
      }
  });

  test('is the same again, in whatever order list and sums come', () => {
    expect(release({ sums: SUMS.toReversed(), listed: LISTED.toReversed() })).toEqual(release());
  });

  test('has other noise under another key, snapshot or month', () => {
    const numbers = (other: Partial<NoiseOrder>) => JSON.stringify(release(other));
    const all = [
      numbers({}),
      numbers({ key: { ...KEY, digest: 'd2' } }),
      numbers({ key: { ...KEY, key: 'f0'.repeat(32) } }),
      numbers({ period: parsePeriod('2026-12') }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('in the threshold profile has the numbers as they are, and needs no key', () => {
    const cells = release({ profile: 'threshold', key: { key: '', digest: '' } });
    expect(cells.find(({ model }) => model === 'T46S')).toMatchObject({ phones: 2_000 });
    expect(cells.find(({ model }) => model === 'T29G')).toMatchObject({ sites: 0, phones: 0 });
    expect(() => release({ key: { key: '', digest: '' } })).toThrow('noise-key-malformed');
  });
});

describe('the label of a number', () => {
  const of = phone('B');

  test('is another for every other month, query, cell, measure and snapshot', () => {
    const labels = [
      noiseLabel(PERIOD, of, 'sites', 'd'),
      noiseLabel(parsePeriod('2026-12'), of, 'sites', 'd'),
      noiseLabel(PERIOD, of, 'phones', 'd'),
      noiseLabel(PERIOD, of, 'sites', 'e'),
      noiseLabel(PERIOD, { ...of, query: 'endpoint_model' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...of, category: 'dect' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...of, platform: 'P' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...of, vendor: 'YealinkB', model: '' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...of, vendor: '', model: 'YealinkB' }, 'sites', 'd'),
    ];
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe('the gate', () => {
  const listed = lengths(listedCells(heavyNames()));
  const queries = queriesAt(24).filter(({ name }) => name !== 'all' && name !== 'at_cap');

  test('lets less than one false cell pass in twenty releases of a list of ten thousand', () => {
    const expected = queries.reduce((sum, query) => {
      const cells = listed.get(query.name) ?? 0;
      return sum + cells * tailAtLeast(query.sites.variance, gateOf(sigmasFor(query, cells), query.sites.variance));
    }, 0);
    expect([...listed.values()].reduce((sum, cells) => sum + cells, 0)).toBeGreaterThan(9_000);
    expect(expected * RELEASES_PER_FALSE_CELL).toBeLessThan(1);
    expect(expected * RELEASES_PER_FALSE_CELL).toBeGreaterThan(0.3);
  });

  test('is no higher than that asks: a tenth less would let more pass than the part of its query', () => {
    const query = queryNamed('phone_model', 24);
    const sigmas = sigmasFor(query, 500);
    const passing = (k: number) => 500 * tailAtLeast(40, gateOf(k, 40));
    expect(passing(sigmas)).toBeLessThan(0.4 / 20);
    // Whole numbers of sites: the least gate that does.
    expect(500 * tailAtLeast(40, gateOf(sigmas, 40) - 1)).toBeGreaterThan(0.4 / 20);
  });

  test('rises with the length of the list and with nothing else', () => {
    const query = queryNamed('phone_model', 24);
    expect(sigmasFor(query, 5_000)).toBeGreaterThan(sigmasFor(query, 500));
    expect(sigmasFor(query, 500)).toBe(sigmasFor(queryNamed('phone_model', 640), 500));
  });

  test('seen over many releases of nobody, lets about as many pass as is expected', () => {
    // At 2 s instead of k: enough to be counted.
    const empty = listedCells({
      platforms: ['A'],
      models: Array.from({ length: 150 }, (_, i) => ({ category: 'cpu', vendor: 'V', model: `M${i}` }) as const),
    });
    const from = gateOf(2, 100);
    const passed = keys(30).flatMap((key) =>
      noiseListed({ period: PERIOD, profile: 'noised', key, cap: 24, listed: empty, sums: [] }).filter(
        ({ query, sites }) => query === 'cpu' && sites >= from,
      ),
    );
    const expected = 30 * 150 * tailAtLeast(100, from);
    expect(Math.abs(passed.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test('is the threshold in the profile without noise, and never under ten', () => {
    const query = queryNamed('phone_model', 24);
    const least = (threshold: number) => leastPublished(query, { profile: 'threshold', listed: 500, threshold });
    expect([5, 10, 16].map(least)).toEqual([10, 10, 16]);
    expect(leastPublished(query, { profile: 'noised', listed: 500, threshold: 16 })).toBe(
      gateOf(sigmasFor(query, 500), 40),
    );
    expect(
      QUERY_NAMES.filter(
        (name) => leastPublished(queryNamed(name, 24), { profile: 'noised', listed: 9, threshold: 10 }) === 0,
      ),
    ).toEqual(['all', 'at_cap']);
  });
});
