import { describe, expect, it } from 'vitest';
import type { CubeRow } from '../../schemas/cube.ts';
import type { Report } from '../../schemas/report.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { compareCubes } from '../../services/simulator/compare-cubes.ts';
import { simulate } from '../../services/simulator/simulate.ts';
import { fc } from '../support/fast-check.ts';
import { shareOf } from '../support/share.ts';

const FIRST = parsePeriod('2026-11');
const identifier = buildIdentifier(loadCatalog(), FIRST);
type Fact = readonly [cell: string, count: number];

/** A report's facts the plain way: every rule of DESIGN.md section 1 written out, nothing shared with anything. */
function factsOf(report: Report): Fact[] {
  const platform = identifier.platform(report.platform.name, report.platform.version);
  const sums = new Map<string, number>();
  const add = (cell: string[], count: number) => sums.set(cell.join('|'), (sums.get(cell.join('|')) ?? 0) + count);
  add(['site', '', '', '', ''], 1);
  add(['platform', platform, '', '', ''], 1);
  for (const line of report.devices) {
    const id = identifier.line(line);
    if (id.kind === 'refused') continue;
    if (id.kind === 'unlisted') {
      add(['unlisted', '', id.category, id.vendor, id.model], line.count);
      continue;
    }
    // A proposed name waits in the lane; its category and its maker count.
    add([id.kind === 'listed' ? 'model' : 'unlisted', '', id.category, id.vendor, id.model], line.count);
    add(['category', '', id.category, '', ''], line.count);
    if (id.vendor !== '') add(['vendor', '', id.category, id.vendor, ''], line.count);
    if (id.vendor !== '' && id.category === 'phone') add(['platform_vendor', platform, '', id.vendor, ''], line.count);
  }
  return [...sums].map(([cell, count]) => [cell, report.withdraw ? 0 : count]);
}

/** Of each site's cell the highest sequence counts; then cells are summed. */
function recount(reports: readonly Report[]): CubeRow[] {
  const standing = new Map<string, { cell: string; count: number; sequence: number }>();
  for (const report of reports)
    for (const [cell, count] of factsOf(report)) {
      const key = `${report.token}|${cell}`;
      if ((standing.get(key)?.sequence ?? 0) < report.sequence)
        standing.set(key, { cell, count, sequence: report.sequence });
    }
  const cube = new Map<string, { sites: number; devices: number }>();
  for (const { cell, count } of standing.values()) {
    if (count === 0) continue;
    const { sites, devices } = cube.get(cell) ?? { sites: 0, devices: 0 };
    cube.set(cell, { sites: sites + 1, devices: devices + count });
  }
  return [...cube].map(([cell, { sites, devices }]) => {
    const [view, platform, category, vendor, model] = cell.split('|');
    const counted = view === 'model' ? devices : 0;
    return { view, platform, category, vendor, model, sites, devices: counted } as CubeRow;
  });
}

const sorted = (rows: readonly CubeRow[]) =>
  rows
    .map(({ view, platform, category, vendor, model, sites, devices }) =>
      [view, platform, category, vendor, model, sites, devices].join('|'),
    )
    .sort();

describe('the simulator’s tally', () => {
  it('is what its deliveries add up to, in any order', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 4 }),
        (seed, sites, months) => {
          const run = [...simulate({ sites, months, seed, firstPeriod: FIRST, identifier })];
          const reports = run.flatMap(({ deliveries }) => deliveries.map(({ body }) => body));
          for (const { period, tally } of run) {
            const own = reports.filter((report) => report.period === period);
            expect(sorted(recount(own))).toEqual(sorted(tally));
            expect(sorted(recount(own.reverse()))).toEqual(sorted(tally));
          }
        },
      ),
      { numRuns: shareOf(25) },
    );
  });

  it('is complete with the month: nothing of a period comes in a later list', () => {
    const seen = new Set<string>();
    for (const { period, deliveries } of simulate({ sites: 200, months: 4, seed: 5, firstPeriod: FIRST, identifier })) {
      expect(deliveries.some(({ body }) => seen.has(body.period))).toBe(false);
      seen.add(period);
    }
  });

  it('notices when withdrawals, zeros or the order of sequences are ignored', () => {
    const [month] = simulate({ sites: 600, months: 1, seed: 3, firstPeriod: FIRST, identifier });
    const reports = month!.deliveries.map(({ body }) => body);
    const differences = (broken: readonly Report[]) => compareCubes(month!.tally, recount(broken), 5).length;
    expect(differences(reports)).toBe(0);
    expect(differences(reports.filter(({ withdraw }) => !withdraw))).toBeGreaterThan(0);
    const withoutZeros = reports.map((r) => ({ ...r, devices: r.devices.filter(({ count }) => count > 0) }));
    expect(differences(withoutZeros)).toBeGreaterThan(0);
    const lastArrivalWins = reports.map((report, i) => ({ ...report, sequence: i + 1 }));
    expect(differences(lastArrivalWins)).toBeGreaterThan(0);
    const everyCopyCounts = reports.map((report, i) => ({ ...report, token: String(i) }));
    expect(differences(everyCopyCounts)).toBeGreaterThan(0);
  });
});
