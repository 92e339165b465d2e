import { describe, expect, test } from 'vitest';
import {
  DELTA,
  epsilonOf,
  gateDelta,
  RHO_LIMIT,
  rhoOfPeriod,
  spentOn,
} from '../../services/releases/numbers/accountant.ts';
import { claims } from '../../services/releases/numbers/claims.ts';
import { tailAtLeast } from '../../services/releases/numbers/gaussian-tail.ts';
import { MEASURES } from '../../services/releases/numbers/queries.ts';
import { normalBelow } from '../support/release-statistics.ts';

const alphas = Array.from({ length: 200_000 }, (_, i) => 1 + (i + 1) / 4_000);

/** The bound on delta itself, as it stands in the paper, over a grid of alphas. */
function deltaOf(rho: number, epsilon: number): number {
  return alphas.reduce((least, a) => {
    const bound = (Math.exp((a - 1) * (a * rho - epsilon)) / (a - 1)) * (1 - 1 / a) ** a;
    return Math.min(least, bound);
  }, 1);
}

describe('the accountant', () => {
  test.each([0.01, 0.0625, 0.245625, 0.9825, 2.9475, 10])('converts rho %d as the paper bounds delta', (rho) => {
    for (const delta of [1e-4, 1e-6, 1e-9]) {
      const epsilon = epsilonOf(rho, delta);
      expect(deltaOf(rho, epsilon) / delta).toBeCloseTo(1, 4);
      expect(deltaOf(rho, epsilon - 0.01)).toBeGreaterThan(delta);
    }
  });

  test('is tighter than the simple conversion, and never below what the noise really loses', () => {
    for (const rho of [0.1, 0.245625, 1, 3]) {
      const epsilon = epsilonOf(rho, DELTA);
      expect(epsilon).toBeLessThan(rho + 2 * Math.sqrt(rho * Math.log(1 / DELTA)));
      // Exact for one Gaussian number of that rho (Balle and Wang 2018, theorem 8).
      const mu = Math.sqrt(2 * rho);
      const exact = normalBelow(mu / 2 - epsilon / mu) - Math.exp(epsilon) * normalBelow(-mu / 2 - epsilon / mu);
      expect(exact).toBeLessThan(DELTA);
      expect(exact).toBeGreaterThan(0);
    }
  });

  test('costs more for more rho and less for more delta', () => {
    expect(epsilonOf(0.3, 1e-6)).toBeGreaterThan(epsilonOf(0.2, 1e-6));
    expect(epsilonOf(0.2, 1e-5)).toBeLessThan(epsilonOf(0.2, 1e-6));
    expect(epsilonOf(1e-9, 0.1)).toBe(0);
  });

  test.each([
    [0, 1e-6],
    [-1, 1e-6],
    [Number.NaN, 1e-6],
    [1, 0],
    [1, 1],
  ])('refuses rho %d at delta %d', (rho, delta) => {
    expect(() => epsilonOf(rho, delta)).toThrow(RangeError);
  });
});

describe('the claims of PRIVACY.md', () => {
  const found = (who: string) => claims().find((claim) => claim.who.startsWith(who));

  test.each([
    ['one site, one month', 0.245625, '3.51'],
    ['one site, twelve months', 2.9475, '14.8'],
    ['a site that changed what it has', 0.49125, '5.2'],
    ['a site with two tokens', 0.9825, '7.7'],
  ])('%s: rho %d, epsilon %s', (who, rho, epsilon) => {
    expect(found(who)?.rho).toBeCloseTo(rho, 12);
    expect(found(who)?.epsilon.toPrecision(epsilon.length - 1)).toBe(epsilon);
  });

  test('an owner of m sites costs rho m squared', () => {
    for (const sites of [3, 5, 10])
      expect(found(`an owner of ${sites} sites`)?.rho).toBeCloseTo(0.245625 * sites ** 2, 12);
  });

  test('the gate adds what 34 cells at 6 s add: 3.4e-8 of a continuous curve, 4.4e-8 of whole numbers', () => {
    const cells = [1, 4, 4, 8, 8, 4, 2, 1, 1, 1].reduce((sum, most) => sum + most, 0);
    expect(cells).toBe(34);
    expect((cells * normalBelow(-6)).toExponential(1)).toBe('3.4e-8');
    const chances: [number, number, number][] = [
      [1, 50, 43],
      [4 + 8 + 2 + 3, 100, 60],
      [4, 200, 85],
      [8, 64, 48],
      [4, 128, 68],
    ];
    const sum = chances.reduce((total, [most, variance, from]) => total + most * tailAtLeast(variance, from), 0);
    expect(gateDelta()).toBeCloseTo(sum, 18);
    expect(gateDelta().toExponential(1)).toBe('4.4e-8');
  });

  test('the gate adds more for an owner of more sites, and never more than certainty', () => {
    expect(gateDelta(2)).toBeGreaterThan(2 * gateDelta());
    expect(gateDelta(1_000)).toBe(1);
    for (const claim of claims()) expect(claim.delta).toBeGreaterThan(DELTA);
  });
});

describe('what a period spends', () => {
  test('is written into the ledger rounded up: epsilon 3.51, delta 1.1e-6', () => {
    expect(spentOn('noised')).toEqual({ rho: 0.245625, epsilon: 3.51, delta: 1.1e-6 });
    expect(rhoOfPeriod()).toBeLessThanOrEqual(RHO_LIMIT);
  });

  test('has no bound without noise', () => {
    expect(spentOn('threshold')).toEqual({ rho: null, epsilon: null, delta: null });
  });

  test('is refused above the limit', () => {
    const more = { title: 'one more', boundSquared: 1, variance: 100, rounding: 5 };
    expect(() => spentOn('noised', [...MEASURES, more])).toThrow('budget-exceeded');
    expect(() => spentOn('noised', [...MEASURES, { ...more, variance: 200 }])).not.toThrow();
  });
});
