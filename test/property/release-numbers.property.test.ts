import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../schemas/fact.ts';
import type { BoundedRow } from '../../schemas/release.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { breakApart, type SiteReport } from '../../services/ingest/break-apart.ts';
import type { CountedModel } from '../../services/ingest/identify-lines.ts';
import { noiseCube } from '../../services/releases/numbers/noise.ts';
import { type Measure, QUERIES, queryOf } from '../../services/releases/numbers/queries.ts';
import { reportedModels } from '../support/reported-models.ts';

const PERIOD = parsePeriod('2026-11');

/** With counts around the bound of 50. */
const models = reportedModels({
  maxLength: 100,
  names: 31,
  count: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 45, max: 55 }), fc.constant(10_000)),
});
const tokens = fc
  .uint8Array({ minLength: 17, maxLength: 17 })
  .map((bytes) => Buffer.from(Buffer.from(bytes).toString('base64url')));
const reports: fc.Arbitrary<SiteReport> = fc.record({
  token: tokens,
  period: fc.constant(PERIOD),
  sequence: fc.integer({ min: 1, max: 1_000 }),
  platform: fc.constantFrom('FreePBX 17', 'FreePBX 16', '3CX 20'),
  models,
  withdraw: fc.constant(false),
});
const fleets = fc.array(reports, { minLength: 0, maxLength: 6 });

/** The frozen cube of deliveries: of each key the highest version counts, as the store counts. */
function cubeOf(deliveries: readonly SiteReport[]): BoundedRow[] {
  const facts = new Map<string, Fact>();
  for (const fact of deliveries.flatMap(breakApart)) {
    const name = `${cellName(fact)}|${fact.key}`;
    if ((facts.get(name)?.version ?? -1) < fact.version) facts.set(name, fact);
  }
  const rows = new Map<string, { -readonly [K in keyof BoundedRow]: BoundedRow[K] }>();
  for (const { view, platform, category, vendor, model, count, bounded } of facts.values()) {
    const cell = { view, platform, category, vendor, model };
    const name = cellName(cell);
    const row = rows.get(name) ?? { ...cell, sites: 0, devices: 0, boundedSites: 0, boundedDevices: 0 };
    row.sites += count > 0 ? 1 : 0;
    row.devices += count;
    row.boundedSites += bounded > 0 ? 1 : 0;
    row.boundedDevices += bounded;
    rows.set(name, row);
  }
  return [...rows.values()];
}
const cellName = ({ view, platform, category, vendor, model }: Omit<Fact, 'key' | 'count' | 'bounded' | 'version'>) =>
  JSON.stringify([view, platform, category, vendor, model]);

type Numbers = (row: BoundedRow) => number;
const MEASURED: readonly { readonly query: string; readonly measure: Measure; readonly number: Numbers }[] =
  QUERIES.flatMap(({ name, sites, phones }) => [
    { query: name, measure: sites, number: (row: BoundedRow) => row.boundedSites },
    ...(phones ? [{ query: name, measure: phones, number: (row: BoundedRow) => row.boundedDevices }] : []),
  ]);

/** For each number of a release: the sum of squared differences of two cubes over its bound. 1 is the bound. */
function moved(before: readonly BoundedRow[], after: readonly BoundedRow[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { query, measure, number } of MEASURED) {
    const difference = new Map<string, number>();
    for (const [rows, sign] of [
      [before, -1],
      [after, 1],
    ] as const)
      for (const row of rows.filter((one) => queryOf(one)?.name === query))
        difference.set(cellName(row), (difference.get(cellName(row)) ?? 0) + sign * number(row));
    const squared = [...difference.values()].reduce((sum, by) => sum + by * by, 0);
    result.set(measure.title, squared / measure.boundSquared);
  }
  return result;
}

function expectMoved(before: readonly BoundedRow[], after: readonly BoundedRow[], most: number): void {
  for (const [title, squares] of moved(before, after)) expect(squares, title).toBeLessThanOrEqual(most);
}

describe('one site moves no number of a release by more than its L2 bound', () => {
  test('when it is added or removed, whatever it reports and whatever others report', () => {
    const reached = new Map<string, number>();
    fc.assert(
      fc.property(fleets, reports, (others, site) => {
        const [without, having] = [cubeOf(others), cubeOf([...others, site])];
        expectMoved(without, having, 1);
        for (const [title, squares] of moved(without, having))
          reached.set(title, Math.max(squares, reached.get(title) ?? 0));
      }),
      { numRuns: 100 },
    );
    // Each bound was really reached: a test with small sites would not see one that is missing.
    for (const [title, squares] of reached) expect(squares, title).toBe(1);
  });

  test('when it is removed by a withdrawal, which leaves the numbers as if it had not been there', () => {
    fc.assert(
      fc.property(fleets, reports, (others, site) => {
        const withdrawal = { ...site, sequence: site.sequence + 1, withdraw: true };
        expectMoved(cubeOf(others), cubeOf([...others, site, withdrawal]), 0);
        expectMoved(cubeOf([...others, site]), cubeOf([...others, site, withdrawal]), 1);
      }),
      { numRuns: 40 },
    );
  });

  test('when it changed what it has and took back what it no longer has', () => {
    fc.assert(
      fc.property(fleets, reports, models, (others, site, later) => {
        const gone = site.models.filter((m) => !later.some((n) => sameModel(m, n))).map((m) => ({ ...m, count: 0 }));
        const changed = { ...site, sequence: site.sequence + 1, models: [...later, ...gone] };
        expectMoved(cubeOf(others), cubeOf([...others, site, changed]), 1);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what costs more, costs what METHOD.md says', () => {
  test('a site that changed what it has, platform too, and took nothing back: twice the squared bound', () => {
    fc.assert(
      fc.property(fleets, reports, models, (others, site, later) => {
        const changed = { ...site, sequence: site.sequence + 1, platform: 'other', models: later };
        expectMoved(cubeOf(others), cubeOf([...others, site, changed]), 2);
        expect(moved(cubeOf(others), cubeOf([...others, site, changed])).get('sites by platform')).toBe(2);
      }),
      { numRuns: 40 },
    );
  });

  test('a site with two tokens: four times the squared bound', () => {
    fc.assert(
      fc.property(fleets, reports, tokens, (others, site, token) => {
        fc.pre(!token.equals(site.token));
        const twice = cubeOf([...others, site, { ...site, token }]);
        expectMoved(cubeOf(others), twice, 4);
        expect(moved(cubeOf(others), twice).get('sites by platform')).toBe(4);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the numbers of a release', () => {
  const key = { key: 'c3'.repeat(32), digest: 'd' };
  const release = (rows: readonly BoundedRow[]) =>
    noiseCube({ period: PERIOD, profile: 'noised', key, threshold: 10, rows });
  /** As if each site had stood for three hundred: cells pass the gate. */
  const many = (rows: readonly BoundedRow[]) =>
    rows.map((row) => ({ ...row, boundedSites: row.boundedSites * 300, boundedDevices: row.boundedDevices * 300 }));

  test('do not depend on the order of the rows', () => {
    const rowsInTwoOrders = fleets
      .map((fleet) => many(cubeOf(fleet)))
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    let cells = 0;
    fc.assert(
      fc.property(rowsInTwoOrders, ([rows, shuffled]) => {
        expect(release(shuffled)).toEqual(release(rows));
        cells += release(rows).length;
      }),
      { numRuns: 30 },
    );
    expect(cells).toBeGreaterThan(500);
  });

  test('are of no site that has withdrawn, and of no cell below ten', () => {
    fc.assert(
      fc.property(fleets, (fleet) => {
        expect(release(cubeOf(fleet))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});

function sameModel(a: CountedModel, b: CountedModel): boolean {
  return a.view === b.view && a.category === b.category && a.vendor === b.vendor && a.model === b.model;
}
