import { beforeAll, describe, expect, test } from 'vitest';
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
 * What METHOD.md measures in six fleets with three tails, held here in two of them with one tail: the noise of these
 * words is the same in each run. All other fleets: bench/release-coverage.ts.
 */
const DRAWS = 24;

interface Released {
  readonly fleet: CountedFleet;
  readonly draws: readonly NoisedPeriod[];
  readonly pooled: Pooled;
  readonly measured: Measured;
  readonly arrows: ArrowCounts;
}

function release(sites: number): Released {
  const fleet = countFleet(sites, 1, 4711);
  const draw = (word: string, sums = fleet.sums) => drawNoise(fleet, sums, `margins ${sites} ${word}`);
  const draws = Array.from({ length: DRAWS }, (_, i) => draw(`${i}`));
  const pooled: Pooled = new Map<string, Errors>();
  const measured = measureNew(fleet, draws, pooled);
  const arrows = measureArrows(fleet, draws, (sums, pair) => draw(`mixed ${pair}`, sums), `${sites}`);
  return { fleet, draws, pooled, measured, arrows };
}

let small: Released;
let large: Released;
beforeAll(() => {
  [small, large] = [release(300), release(2_000)];
});

test('margins hold what their label names in 94 of 100 numbers and more, of each query, in fleets of 300 and of 2,000', () => {
  // Of fewer numbers three that are outside would be more than chance makes of them.
  for (const { fleet, pooled } of [small, large])
    for (const [query, errors] of pooled)
      if (errors.count >= 50) expect(errors.within, `${fleet.sites} ${query}`).toBeGreaterThanOrEqual(0.94);
  const enough = [...large.pooled].filter(([, { count }]) => count >= 50).map(([query]) => query);
  expect(enough).toEqual(
    expect.arrayContaining([
      'phone_model',
      'phone_model phones',
      'phone_vendor phones',
      'platform',
      'cpu',
      'nic_model',
    ]),
  );
});

test('and would not, were they a third narrower: the measure bites', () => {
  const truth = new Map(large.fleet.sums.map((sum) => [cellKey(sum), sum.sites]));
  const narrower = new Errors();
  for (const period of large.draws)
    for (const cell of publish({ period, approved: () => true }).cells)
      narrower.add(cell.sites, (2 / 3) * cell.sitesMargin, truth.get(cellKey(cell)) ?? 0);
  expect(narrower.count).toBeGreaterThan(1_000);
  expect(narrower.within).toBeLessThan(0.92);
});

test('a release of 2,000 sites has the models of 60 of 100 pairs of a site and a model, and one of 300 has some', () => {
  for (const share of large.measured.covered) expect(share).toBeGreaterThan(0.6);
  for (const models of small.measured.models) expect(models).toBeGreaterThan(0);
});

describe('arrows', () => {
  const of = () => [small, large].map(({ arrows }) => arrows);

  test('are in few still months, and few of them are false', () => {
    const sum = (key: keyof ArrowCounts) => of().reduce((total, counts) => total + counts[key], 0);
    expect(sum('months')).toBe(DRAWS);
    // One of twenty by expectation: of 24 months more than four would be no chance.
    expect(sum('stillWithArrows')).toBeLessThanOrEqual(4);
    expect(sum('arrows')).toBeGreaterThan(50);
    expect(sum('wrong') / sum('arrows')).toBeLessThanOrEqual(0.1);
  });

  test('find moves of a fifth at about 200 sites in three of four cases', () => {
    expect(large.arrows.moved).toBeGreaterThan(0);
    expect(large.arrows.found / large.arrows.moved).toBeGreaterThanOrEqual(0.75);
  });
});
