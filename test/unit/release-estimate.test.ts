import { describe, expect, test } from 'vitest';
import type { ReleaseCell } from '../../schemas/release.ts';
import { cellKey } from '../../services/core/release-cell.ts';
import { agreeingPhones, type NoisedPhones } from '../../services/releases/numbers/estimate.ts';
import { Seeded } from '../support/re-join/seeded.ts';

const cell = (query: ReleaseCell['query'], vendor = '', model = ''): ReleaseCell => ({
  ...{ query, platform: '', category: 'phone', vendor, model },
});
const TREE = { A: 3, B: 1, C: 6 } as const;
const VARIANCES = { total: 900, maker: 400, model: 100 };

function tree(draw: (variance: number) => number) {
  const number = (of: ReleaseCell, phones: number, variance: number): NoisedPhones => ({
    cell: of,
    phones: phones + draw(variance),
    variance,
  });
  const makers = Object.entries(TREE);
  const models = makers.flatMap(([vendor, n]) =>
    Array.from({ length: n }, (_, i) => number(cell('phone_model', vendor, `M${i}`), 100 * (i + 1), VARIANCES.model)),
  );
  const sumOf = (n: number) => (100 * n * (n + 1)) / 2;
  const total = makers.reduce((sum, [, n]) => sum + sumOf(n), 0);
  return {
    total: number(cell('all'), total, VARIANCES.total),
    makers: makers.map(([vendor, n]) => number(cell('phone_vendor', vendor), sumOf(n), VARIANCES.maker)),
    models,
  };
}

const estimate = ({ total, makers, models }: ReturnType<typeof tree>) => agreeingPhones(total, makers, models);

/** Least squares the slow way: the leaves that minimise the weighted squares, by the normal equations. */
function leastSquares({ total, makers, models }: ReturnType<typeof tree>): number[] {
  const rows = [
    ...models.map((m) => ({ of: (n: NoisedPhones) => n === m, number: m })),
    ...makers.map((v) => ({ of: (n: NoisedPhones) => n.cell.vendor === v.cell.vendor, number: v })),
    { of: () => true, number: total },
  ];
  const n = models.length;
  const matrix = models.map((a) => [
    ...models.map((b) => rows.reduce((sum, { of, number }) => sum + (of(a) && of(b) ? 1 / number.variance : 0), 0)),
    rows.reduce((sum, { of, number }) => sum + (of(a) ? number.phones / number.variance : 0), 0),
  ]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const factor = matrix[j]![i]! / matrix[i]![i]!;
      for (let k = i; k <= n; k++) matrix[j]![k]! -= factor * matrix[i]![k]!;
    }
  return matrix.map((row, i) => row[n]! / row[i]!);
}

function gaussian(random: Seeded): (variance: number) => number {
  return (variance) => Math.log(random.logNormal(1, Math.sqrt(variance)));
}

describe('phones that are made to agree', () => {
  test('are the weighted least squares of all numbers together', () => {
    const noised = tree(gaussian(new Seeded(1)));
    const found = estimate(noised);
    const slow = leastSquares(noised);
    for (const [i, { cell: of }] of noised.models.entries())
      expect(found.get(cellKey(of))?.value).toBeCloseTo(slow[i]!, 6);
  });

  test('add up: models to their maker, makers to all', () => {
    const noised = tree(gaussian(new Seeded(2)));
    const found = estimate(noised);
    const value = (of: ReleaseCell) => found.get(cellKey(of))?.value ?? Number.NaN;
    for (const { cell: maker } of noised.makers) {
      const models = noised.models.filter((m) => m.cell.vendor === maker.vendor);
      expect(models.reduce((sum, m) => sum + value(m.cell), 0)).toBeCloseTo(value(maker), 6);
    }
    expect(noised.makers.reduce((sum, m) => sum + value(m.cell), 0)).toBeCloseTo(value(noised.total.cell), 6);
  });

  test('have the variances that are said, and smaller ones than before', () => {
    const random = new Seeded(3);
    const runs = 4_000;
    const exact = tree(() => 0);
    const truth = new Map([exact.total, ...exact.makers, ...exact.models].map((n) => [cellKey(n.cell), n]));
    const squares = new Map<string, number>();
    let said = estimate(exact);
    for (let run = 0; run < runs; run++) {
      said = estimate(tree(gaussian(random)));
      for (const [key, { value }] of said)
        squares.set(key, (squares.get(key) ?? 0) + (value - truth.get(key)!.phones) ** 2);
    }
    for (const [key, { variance }] of said) {
      expect(squares.get(key)! / runs / variance, key).toBeGreaterThan(0.88);
      expect(squares.get(key)! / runs / variance, key).toBeLessThan(1.12);
      expect(variance, key).toBeLessThan(truth.get(key)!.variance);
    }
    // A maker of few models gains most: a fifth of its error and more.
    expect(Math.sqrt(said.get(cellKey(cell('phone_vendor', 'A')))!.variance / VARIANCES.maker)).toBeLessThan(0.8);
  });

  test('are left alone where they agree', () => {
    const exact = tree(() => 0);
    for (const n of [exact.total, ...exact.makers, ...exact.models])
      expect(estimate(exact).get(cellKey(n.cell))?.value).toBeCloseTo(n.phones, 9);
  });
});
