import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  DELTA,
  epsilonOf,
  RHO_LIMIT,
  rhoOfAnyMonth,
  rhoOfPeriod,
  spentOn,
} from '../../services/releases/numbers/accountant.ts';
import { claims } from '../../services/releases/numbers/claims.ts';
import { measuresAt } from '../../services/releases/numbers/queries.ts';
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
  test.each([0.01, 0.0625, 0.25, 0.9825, 2.9475, 10])('converts rho %d as the paper bounds delta', (rho) => {
    for (const delta of [1e-4, 1e-6, 1e-9]) {
      const epsilon = epsilonOf(rho, delta);
      expect(deltaOf(rho, epsilon) / delta).toBeCloseTo(1, 4);
      expect(deltaOf(rho, epsilon - 0.01)).toBeGreaterThan(delta);
    }
  });

  test('is tighter than the simple conversion, and never below what the noise really loses', () => {
    for (const rho of [0.1, 0.25, 1, 3]) {
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

  test('agrees with an independent one, written in Python, at every cap that months have had or may have', () => {
    const caps = [24, 25, 32, 47, 48, 80, 160, 320, 640, 1_024];
    const input = JSON.stringify(Object.fromEntries(caps.map((cap) => [cap, measuresAt(cap)])));
    const script = fileURLToPath(new URL('../independent/accountant.py', import.meta.url));
    const { status, stdout, stderr } = spawnSync('python3', [script], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as Record<string, { rho: number; epsilon: number }>;
    for (const cap of caps) {
      const rho = rhoOfPeriod(measuresAt(cap));
      expect(found[cap]?.rho).toBeCloseTo(rho, 12);
      expect(found[cap]?.epsilon).toBeCloseTo(epsilonOf(rho, DELTA), 6);
    }
  });

  test('is refused by the independent one when a bound is another than the slots allow', () => {
    const wrong = measuresAt(24).map((m) => (m.title === 'phones by model' ? { ...m, boundSquared: 766 } : m));
    const script = fileURLToPath(new URL('../independent/accountant.py', import.meta.url));
    const { status, stderr } = spawnSync('python3', [script], {
      input: JSON.stringify({ 24: wrong }),
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('phones by model: 766 is not 767');
  });
});

describe('the claims', () => {
  const found = (who: string) => claims().find((claim) => claim.who.startsWith(who));

  test('are at most rho .25 and epsilon 3.55 a month, at any cap', () => {
    expect(rhoOfAnyMonth()).toBeLessThanOrEqual(RHO_LIMIT);
    expect(found('one token, one month')?.rho).toBe(rhoOfAnyMonth());
    expect(found('one token, one month')?.epsilon).toBeLessThan(3.55);
  });

  test('add up over months, and grow by the square of the tokens', () => {
    expect(found('one token a month, twelve')?.rho).toBeCloseTo(12 * rhoOfAnyMonth(), 12);
    expect(found('a site with two tokens')?.rho).toBeCloseTo(4 * rhoOfAnyMonth(), 12);
    for (const sites of [3, 5, 10])
      expect(found(`an owner of ${sites} sites`)?.rho).toBeCloseTo(rhoOfAnyMonth() * sites ** 2, 12);
  });
});

describe('what a period spends', () => {
  test('is written into the ledger rounded up, with nothing on top of delta', () => {
    const spent = spentOn('noised', measuresAt(24));
    expect(spent.delta).toBe(1e-6);
    expect(spent.rho).toBeGreaterThanOrEqual(rhoOfPeriod(measuresAt(24)));
    expect(spent.epsilon).toBeGreaterThanOrEqual(epsilonOf(rhoOfPeriod(measuresAt(24)), 1e-6));
    expect(spent.epsilon).toBeLessThanOrEqual(3.55);
  });

  test('has no bound without noise', () => {
    expect(spentOn('threshold', measuresAt(24))).toEqual({ rho: null, epsilon: null, delta: null });
  });

  test('is refused above the limit', () => {
    const more = { title: 'one more', boundSquared: 1, variance: 100 };
    expect(() => spentOn('noised', [...measuresAt(24), more])).toThrow('budget-exceeded');
    expect(() => spentOn('noised', [...measuresAt(24), { ...more, variance: 5_000 }])).not.toThrow();
  });
});
