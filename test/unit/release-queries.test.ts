import { describe, expect, test } from 'vitest';
import { CATEGORIES } from '../../schemas/cell-names.ts';
import { QUERY_NAMES } from '../../schemas/release.ts';
import { LANES } from '../../schemas/slot.ts';
import { capsOf, FIRST_CAP, nextCap } from '../../services/core/caps.ts';
import { laneOf, SLOTS } from '../../services/core/lanes.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { slotsOf } from '../../services/ingest/slots.ts';
import { rhoOf } from '../../services/releases/numbers/accountant.ts';
import { listedCells } from '../../services/releases/numbers/listed-cells.ts';
import { measuresAt, queriesAt, queryNamed } from '../../services/releases/numbers/queries.ts';
import { heavyFleet } from '../../services/simulator/heavy-fleet.ts';

/** Written down again: what one token can do to a number, the noise and the cost, in a month of the first cap. */
const SPECIFIED = [
  ['all sites', 1, 200, 0.0025],
  ['all phones', 47 ** 2, 92_042, 0.012],
  ['sites that stand at the cap', 1, 400, 0.00125],
  ['sites by platform', 1, 64, 0.0078125],
  ['sites by platform and phone vendor', 3, 100, 0.015],
  ['sites by phone vendor', 3, 150, 0.01],
  ['phones by vendor', 47 ** 2, 30_261, 0.0365],
  ['sites by phone model', 6, 40, 0.075],
  ['phones by model', 24 ** 2 + 12 ** 2 + 6 ** 2 + 3 ** 2 + 1 + 1, 12_784, 0.03],
  ['sites by model of other endpoints', 6, 120, 0.025],
  ['sites by telephony card (PCI) model', 3, 144, 0.0104167],
  ['sites by network card model', 2, 108, 0.0092593],
  ['sites by CPU', 1, 100, 0.005],
  ['sites by memory size', 1, 100, 0.005],
  ['sites by motherboard', 1, 100, 0.005],
] as const;

describe('the queries of a release', () => {
  test('have the bounds, the noise and the cost that are specified', () => {
    expect(measuresAt(24).map((m) => [m.title, m.boundSquared, m.variance])).toEqual(
      SPECIFIED.map(([title, bound, variance]) => [title, bound, variance]),
    );
    for (const [i, measure] of measuresAt(24).entries()) expect(rhoOf(measure)).toBeCloseTo(SPECIFIED[i]?.[3] ?? 0, 5);
  });

  test('cost the same at every cap, but for a whole variance', () => {
    for (const cap of [24, 32, 48, 160, 640])
      for (const [i, measure] of measuresAt(cap).entries())
        expect(rhoOf(measure)).toBeCloseTo(SPECIFIED[i]?.[3] ?? 0, 5);
  });

  test('come in the order of a release, each once, and are found by name', () => {
    expect(queriesAt(24).map(({ name }) => name)).toEqual(QUERY_NAMES);
    for (const name of QUERY_NAMES) expect(queryNamed(name, 24).name).toBe(name);
    expect(() => queryNamed('virtual' as never, 24)).toThrow(RangeError);
  });

  test('have phones for models, makers and the fleet, and bounds of as many sites as their lane has slots', () => {
    expect(queriesAt(24).flatMap(({ name, phones }) => (phones ? [name] : []))).toEqual([
      ...['all', 'phone_vendor', 'phone_model'],
    ]);
    for (const { name, lane, sites } of queriesAt(24))
      expect(sites.boundSquared, name).toBe(name === 'at_cap' ? 1 : SLOTS[lane]);
  });
});

describe('slots', () => {
  test('are 24, and every category but hypervisors has a lane', () => {
    expect(LANES.reduce((sum, lane) => sum + SLOTS[lane], 0)).toBe(24);
    expect(CATEGORIES.filter((category) => laneOf(category) === null)).toEqual(['virtual']);
    expect(CATEGORIES.filter((category) => laneOf(category) === 'phones')).toEqual(['phone']);
  });
});

describe('rows', () => {
  const sites = [...heavyFleet({ sites: 300, seed: 1, zipf: 1, period: parsePeriod('2026-11') })];

  test('of a first report are those of the slots that it fills, twelve on average', () => {
    const rows = sites.map((site) => slotsOf(site, FIRST_CAP));
    for (const slots of rows) expect(slots.every(({ amount }) => amount > 0)).toBe(true);
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(24);
    const average = rows.reduce((sum, { length }) => sum + length, 0) / rows.length;
    expect(average).toBeGreaterThan(11);
    expect(average).toBeLessThan(13);
  });

  test('of every later one are all 24, empty ones where it has nothing, and of a site that withdraws all empty', () => {
    for (const site of sites.slice(0, 20)) {
      const [first, later] = [site, { ...site, sequence: 2 }].map((one) => slotsOf(one, FIRST_CAP));
      expect(new Set(later?.map(({ key }) => key)).size).toBe(24);
      expect(later?.filter(({ amount }) => amount > 0).map(({ key }) => key)).toEqual(first?.map(({ key }) => key));
      const gone = slotsOf({ ...site, sequence: 3, withdraw: true }, FIRST_CAP);
      expect(gone.map(({ key, amount }) => [key, amount])).toEqual(later?.map(({ key }) => [key, 0]));
    }
  });
});

describe('caps', () => {
  test('halve from slot to slot, and the last two are a sixteenth', () => {
    expect(capsOf(24)).toEqual([24, 12, 6, 3, 1, 1]);
    expect(capsOf(640)).toEqual([640, 320, 160, 80, 40, 40]);
  });

  test.each([
    [300, 24],
    [1_000, 32],
    [2_000, 32],
    [5_000, 48],
    [20_000, 160],
    [100_000, 640],
  ])('of a first fleet of %d sites grow to %d', (sites, cap) => {
    expect(nextCap(FIRST_CAP, sites)).toBe(cap);
  });

  test('stay while they are good enough, so that months can be compared', () => {
    expect(nextCap(32, 1_000)).toBe(32);
    expect(nextCap(48, 4_000)).toBe(48);
    expect(nextCap(48, 6_000)).toBe(48);
    expect(nextCap(160, 15_000)).toBe(160);
    expect(nextCap(80, 13_000)).toBe(80);
    expect(nextCap(160, 13_000)).toBe(160);
    expect(nextCap(640, 1_000)).toBe(32);
  });
});

describe('the public list', () => {
  const names = {
    platforms: ['FreePBX 17', '3CX 20'],
    models: [
      { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
      { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
      { category: 'phone', vendor: 'Snom', model: 'D785' },
      { category: 'phone', vendor: '', model: 'of nobody' },
      { category: 'dect', vendor: 'Gigaset', model: 'N510' },
      { category: 'memory', vendor: '', model: '8 GiB' },
      { category: 'virtual', vendor: 'KVM', model: 'KVM' },
    ],
  } as const;
  const listed = listedCells(names);
  const of = (query: string) => listed.filter((cell) => cell.query === query);

  test('has every cell that a release may have, once, in the order of a release', () => {
    expect(of('all')).toHaveLength(1);
    expect(of('at_cap')).toHaveLength(1);
    expect(of('platform').map(({ platform }) => platform)).toEqual(['3CX 20', 'FreePBX 17']);
    expect(of('platform_vendor')).toHaveLength(4);
    expect(of('phone_vendor').map(({ vendor, category }) => [vendor, category])).toEqual([
      ['Snom', 'phone'],
      ['Yealink', 'phone'],
    ]);
    expect(of('phone_model').map(({ model }) => model)).toEqual(['D785', 'SIP-T46S']);
    expect(of('endpoint_model')).toHaveLength(1);
    expect(of('memory')).toHaveLength(1);
    expect(listed).toHaveLength(1 + 1 + 2 + 4 + 2 + 2 + 1 + 1);
  });

  test('depends on names alone: whatever order they come in', () => {
    expect(listedCells({ platforms: names.platforms.toReversed(), models: names.models.toReversed() })).toEqual(listed);
  });
});
