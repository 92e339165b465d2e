import { describe, expect, test } from 'vitest';
import type { View } from '../../schemas/fact.ts';
import type { BoundedRow } from '../../schemas/release.ts';
import type { Category } from '../../schemas/report.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { compareCells } from '../../services/releases/numbers/cell.ts';
import { gateOf, leastSites, passesGate, reaches } from '../../services/releases/numbers/gate.ts';
import { type NoiseOrder, noiseCube, noiseLabel } from '../../services/releases/numbers/noise.ts';

const PERIOD = parsePeriod('2026-11');
const KEY = { key: '0f'.repeat(32), digest: 'd1' };
const keys = (most: number) =>
  Array.from({ length: most }, (_, i) => ({ key: i.toString(16).padStart(64, '0'), digest: 'd1' }));

function row(view: View, names: Partial<BoundedRow>, boundedSites: number, boundedDevices = 0): BoundedRow {
  // Unbounded numbers are far off: a release that read them would be seen to.
  const unbounded = { sites: boundedSites + 100_000, devices: boundedDevices + 1_000_000 };
  const empty = { platform: '', category: '', vendor: '', model: '' } as const;
  return { view, ...empty, ...names, boundedSites, boundedDevices, ...unbounded };
}
const phone = (model: string, sites: number, phones = sites * 20) =>
  row('model', { category: 'phone', vendor: 'Yealink', model }, sites, phones);
const platform = (name: string, sites: number) => row('platform', { platform: name }, sites);
const of = (category: Category, sites: number) => row('model', { category, vendor: 'V', model: 'M' }, sites, sites);

const release = (rows: readonly BoundedRow[], other: Partial<NoiseOrder> = {}) =>
  noiseCube({ period: PERIOD, profile: 'noised', key: KEY, threshold: 10, rows, ...other });

const ROWS = [
  platform('FreePBX 17', 900),
  platform('3CX 20', 400),
  row('platform_vendor', { platform: 'FreePBX 17', vendor: 'Yealink' }, 700),
  row('vendor', { category: 'phone', vendor: 'Yealink' }, 800),
  phone('T46S', 500),
  phone('T29G', 300),
  of('dect', 200),
  of('pci', 210),
  of('nic', 220),
  of('cpu', 230),
  of('memory', 240),
  of('board', 250),
];

describe('a noised cube', () => {
  // Made by a second implementation, in Python, of label, stream and sampler.
  test('is the one it was: golden', () => {
    expect(release(ROWS).map((cell) => [cell.query, cell.sites, cell.phones])).toEqual([
      ['platform', 403, null],
      ['platform', 902, null],
      ['platform_vendor', 701, null],
      ['phone_vendor', 801, null],
      ['phone_model', 297, 5867],
      ['phone_model', 495, 10072],
      ['endpoint_model', 204, null],
      ['pci_model', 224, null],
      ['nic_model', 228, null],
      ['cpu', 230, null],
      ['memory', 241, null],
      ['board', 247, null],
    ]);
  });

  test('has the noise of its variance in every number', () => {
    const sums = new Map<string, { squares: number; sum: number }>();
    const many = keys(400);
    for (const key of many)
      for (const cell of release(ROWS, { key })) {
        const exact = ROWS.find(
          (r) =>
            r.model === cell.model &&
            r.vendor === cell.vendor &&
            r.platform === cell.platform &&
            r.category === cell.category,
        );
        for (const [name, off] of [
          [cell.query, cell.sites - (exact?.boundedSites ?? 0)],
          ['phones', cell.phones === null ? 0 : cell.phones - (exact?.boundedDevices ?? 0)],
        ] as const) {
          const so = sums.get(name) ?? { squares: 0, sum: 0 };
          sums.set(name, { squares: so.squares + off * off, sum: so.sum + off });
        }
      }
    const cells = { platform: 2, phone_model: 2, phones: 2 } as Record<string, number>;
    const variances = {
      ...{ platform: 50, platform_vendor: 100, phone_vendor: 200, phone_model: 64, phones: 160_000 },
      ...{ endpoint_model: 100, pci_model: 128, nic_model: 100, cpu: 100, memory: 100, board: 100 },
    } as Record<string, number>;
    expect([...sums.keys()].sort()).toEqual(Object.keys(variances).sort());
    for (const [name, { squares, sum }] of sums) {
      const n = many.length * (cells[name] ?? 1);
      const s = Math.sqrt(variances[name] as number);
      // The mean of n draws is off by s / sqrt(n), their variance by s^2 sqrt(2 / n): four times that is never seen.
      expect(Math.abs(sum / n), name).toBeLessThan((4 * s) / Math.sqrt(n));
      expect(squares / n / s ** 2, name).toBeGreaterThan(1 - 4 * Math.sqrt(2 / n));
      expect(squares / n / s ** 2, name).toBeLessThan(1 + 4 * Math.sqrt(2 / n));
    }
  });

  test('is the same again, and in whatever order its rows come', () => {
    expect(release([...ROWS].reverse())).toEqual(release(ROWS));
  });

  test('has the same noise in a cell whatever other cells there are', () => {
    const [alone] = release([phone('T46S', 500)]);
    expect(release(ROWS)).toContainEqual(alone);
  });

  test('is in the order of queries, then of names', () => {
    const cells = release(ROWS);
    expect(cells.map((cell) => cell.query).slice(0, 6)).toEqual([
      ...['platform', 'platform', 'platform_vendor', 'phone_vendor', 'phone_model', 'phone_model'],
    ]);
    expect(cells.map((cell) => cell.platform || cell.model).slice(0, 6)).toEqual([
      ...['3CX 20', 'FreePBX 17', 'FreePBX 17', '', 'T29G', 'T46S'],
    ]);
    expect([...cells].sort(compareCells)).toEqual(cells);
  });

  test('has other noise under another key, snapshot or month', () => {
    const numbers = (other: Partial<NoiseOrder>) => JSON.stringify(release(ROWS, other));
    const all = [
      numbers({}),
      numbers({ key: { ...KEY, digest: 'd2' } }),
      numbers({ key: { ...KEY, key: 'f0'.repeat(32) } }),
      numbers({ period: parsePeriod('2026-12') }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  test('reads no hypervisors, no unlisted devices, no categories and no sites', () => {
    const others = [
      of('virtual', 5_000),
      row('site', {}, 5_000),
      row('category', { category: 'phone' }, 5_000),
      row('vendor', { category: 'dect', vendor: 'Snom' }, 5_000),
      row('unlisted', { category: 'phone', vendor: 'X', model: 'Y' }, 5_000),
    ];
    expect(release(others)).toEqual([]);
  });
});

describe('the label of a number', () => {
  const cell = { query: 'phone_model', platform: '', category: 'phone', vendor: 'A', model: 'B' } as const;

  test('is another for every other month, query, cell, measure and snapshot', () => {
    const labels = [
      noiseLabel(PERIOD, cell, 'sites', 'd'),
      noiseLabel(parsePeriod('2026-12'), cell, 'sites', 'd'),
      noiseLabel(PERIOD, cell, 'phones', 'd'),
      noiseLabel(PERIOD, cell, 'sites', 'e'),
      noiseLabel(PERIOD, { ...cell, query: 'endpoint_model' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...cell, category: 'dect' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...cell, platform: 'P' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...cell, vendor: 'AB', model: '' }, 'sites', 'd'),
      noiseLabel(PERIOD, { ...cell, vendor: '', model: 'AB' }, 'sites', 'd'),
    ];
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe('the gate', () => {
  test('lets no cell pass that fewer than ten sites are in, whatever its noise', () => {
    const nine = { ...phone('M', 9, 5_000), sites: 9_000 };
    for (const key of keys(200)) expect(release([nine], { key })).toEqual([]);
    expect(release([nine], { profile: 'threshold' })).toEqual([]);
    expect(release([{ ...nine, boundedSites: 10 }], { profile: 'threshold' })).toHaveLength(1);
  });

  test('asks the exact number and the noised one, and no noise makes up for a site that is missing', () => {
    expect(passesGate(9, 5_000, 10, 100)).toBe(false);
    expect(passesGate(10, 5_000, 10, 100)).toBe(true);
    expect(passesGate(5_000, 69, 10, 100)).toBe(false);
    expect(passesGate(5_000, 70, 10, 100)).toBe(true);
  });

  test('lets a number pass from k + 6 s on, and nothing below', () => {
    // 10 + 6 * 10: about every second one passes.
    const passed = keys(200).flatMap((key) => release([of('cpu', 70)], { key }));
    expect(passed.length).toBeGreaterThan(60);
    expect(passed.length).toBeLessThan(140);
    expect(Math.min(...passed.map(({ sites }) => sites))).toBe(70);
  });

  test('shows a cell at ten sites only by a noise of six deviations', () => {
    for (const key of keys(300)) expect(release([of('cpu', 10)], { key })).toEqual([]);
  });

  test('rises with the threshold of the installation, and does not sink below ten', () => {
    const least = (threshold: number) =>
      Math.min(
        ...keys(300)
          .flatMap((key) => release([of('cpu', threshold + 61)], { key, threshold }))
          .map((c) => c.sites),
      );
    expect(least(20)).toBe(80);
    expect([5, 10, 11].map(leastSites)).toEqual([10, 10, 11]);
    const fifteen = [of('cpu', 15)];
    expect(release(fifteen, { profile: 'threshold', threshold: 16 })).toEqual([]);
    expect(release(fifteen, { profile: 'threshold', threshold: 15 })).toHaveLength(1);
  });

  test('lets a number of phones pass from 4 s on, and with its cell only', () => {
    const passed = keys(200).flatMap((key) => release([phone('M', 300, 1_600)], { key }));
    const phones = passed.map((cell) => cell.phones);
    expect(passed).toHaveLength(200);
    expect(phones.filter((number) => number === null).length).toBeGreaterThan(60);
    const shown = phones.filter((number) => number !== null);
    expect(shown.length).toBeGreaterThan(60);
    expect(Math.min(...shown)).toBeGreaterThanOrEqual(1_600);
    for (const key of keys(50)) expect(release([phone('M', 9, 50_000)], { key })).toEqual([]);
  });

  test('compares exactly at its edge', () => {
    expect(gateOf(10, 6, 100)).toBe(70);
    expect(gateOf(10, 6, 50)).toBe(53);
    for (const variance of [50, 64, 100, 128, 200]) {
      expect(reaches(gateOf(10, 6, variance), 10, 6, variance)).toBe(true);
      expect(reaches(gateOf(10, 6, variance) - 1, 10, 6, variance)).toBe(false);
    }
    expect(reaches(-100, 10, 6, 100)).toBe(false);
    expect(reaches(10, 10, 6, 0)).toBe(true);
    expect(reaches(9, 10, 6, 0)).toBe(false);
  });
});

describe('the threshold profile', () => {
  test('has the bounded numbers as they are', () => {
    const cells = release([platform('FreePBX 17', 12), phone('T46S', 10, 33)], { profile: 'threshold' });
    expect(cells.map(({ query, sites, phones }) => [query, sites, phones])).toEqual([
      ['platform', 12, null],
      ['phone_model', 10, 33],
    ]);
  });

  test('needs no noise key', () => {
    const key = { key: '', digest: '' };
    expect(release([platform('FreePBX 17', 12)], { profile: 'threshold', key })).toHaveLength(1);
    expect(() => release(ROWS, { key })).toThrow('noise-key-malformed');
  });
});
