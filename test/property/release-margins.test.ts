import { beforeAll, expect, test } from 'vitest';
import { type CountedFleet, countFleet, drawNoise } from '../../bench/release-fleets.ts';
import {
  type ArrowCounts,
  Errors,
  type Measured,
  measureArrows,
  measureNew,
  type Pooled,
} from '../../bench/release-measures.ts';
import { cellKey } from '../../services/core/release-cell.ts';
import { publish } from '../../services/releases/numbers/publish.ts';
import type { NoisedPeriod } from '../../services/releases/numbers/shown.ts';

/*
 * What METHOD.md measures in six fleets with three tails, held here in one of them, little enough for each run: the noise
 * of these words is the same every time. All others: bench/release-coverage.ts.
 */
const DRAWS = 10;

let fleet: CountedFleet;
let draws: readonly NoisedPeriod[];
let measured: Measured;
let arrows: ArrowCounts;
const pooled: Pooled = new Map<string, Errors>();
beforeAll(() => {
  fleet = countFleet(2_000, 1, 4711);
  const draw = (sums: CountedFleet['sums'], word: string) => drawNoise(fleet, sums, `margins ${word}`);
  draws = Array.from({ length: DRAWS }, (_, i) => draw(fleet.sums, `${i}`));
  measured = measureNew(fleet, draws, pooled);
  arrows = measureArrows(fleet, draws, (sums, pair) => draw(sums, `mixed ${pair}`), 'margins');
});

test('margins hold what their label names in 94 of 100 numbers and more, of each query', () => {
  const enough = [...pooled].filter(([, { count }]) => count >= 100);
  for (const [query, errors] of enough) expect(errors.within, query).toBeGreaterThanOrEqual(0.94);
  expect(enough.map(([query]) => query)).toEqual(
    expect.arrayContaining(['phone_model', 'phone_model phones', 'phone_vendor phones', 'platform', 'nic_model']),
  );
});

test('and would not, were they half as wide: the measure bites', () => {
  const truth = new Map(fleet.sums.map((sum) => [cellKey(sum), sum.sites]));
  const narrower = new Errors();
  for (const period of draws)
    for (const cell of publish({ period, approved: () => true }).cells)
      narrower.add(cell.sites, cell.sitesMargin / 2, truth.get(cellKey(cell)) ?? 0);
  expect(narrower.count).toBeGreaterThan(1_000);
  expect(narrower.within).toBeLessThan(0.9);
});

test('a release of 2,000 sites has the models of 60 of 100 pairs of a site and a model', () => {
  for (const share of measured.covered) expect(share).toBeGreaterThan(0.55);
  expect(measured.covered.reduce((sum, share) => sum + share, 0) / DRAWS).toBeGreaterThan(0.6);
});

test('arrows are in few still months, and few of them are false', () => {
  expect(arrows.months).toBe(DRAWS / 2);
  expect(arrows.stillWithArrows).toBeLessThanOrEqual(1);
  expect(arrows.arrows).toBeGreaterThan(5);
  expect(arrows.wrong).toBeLessThanOrEqual(1 + arrows.arrows / 20);
});
