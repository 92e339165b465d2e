import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bernoulliExp, discreteGaussian, discreteLaplace } from '../../services/releases/numbers/discrete-gaussian.ts';
import { tailAtLeast } from '../../services/releases/numbers/gaussian-tail.ts';
import { type BitSource, noiseStream, uniformBelow } from '../../services/releases/numbers/noise-stream.ts';
import { measuresAt } from '../../services/releases/numbers/queries.ts';
import { chanceBetween, chanceOfDraws, chiSquareChance } from '../support/release-statistics.ts';

const KEY = '5a'.repeat(32);
const MEASURES = measuresAt(24);
const draw = (times: number, one: () => bigint | boolean) => Array.from({ length: times }, () => Number(one()));
const gaussian = (variance: number) => (x: number) => Math.exp((-x * x) / (2 * variance));

/** Gives these bytes and no others. */
function bytes(...given: number[]): BitSource & { readonly left: () => number } {
  return {
    take: (count) => given.splice(0, count).reduce((value, byte) => value * 256n + BigInt(byte), 0n),
    left: () => given.length,
  };
}

describe('the yardstick', () => {
  test('knows the chi-square distribution', () => {
    expect(chiSquareChance(3.841458820694124, 1)).toBeCloseTo(0.05, 10);
    expect(chiSquareChance(18.307038053275146, 10)).toBeCloseTo(0.05, 10);
    expect(chiSquareChance(124.3421, 100)).toBeCloseTo(0.05, 6);
  });

  test('knows what a frequency says of a chance', () => {
    expect(chanceBetween(0, 100, 0.95)[1]).toBeCloseTo(1 - 0.05 ** (1 / 100), 10);
    expect(chanceBetween(100, 100, 0.95)).toEqual([expect.closeTo(0.05 ** (1 / 100), 10), 1]);
    expect(chanceBetween(5, 10, 0.975)).toEqual([expect.closeTo(0.1870860284, 8), expect.closeTo(0.8129139716, 8)]);
  });
});

describe('a discrete Gaussian', () => {
  const variances = [1, 2, 7, ...new Set(MEASURES.map(({ variance }) => variance))];

  test.each(variances)('of variance %d is distributed as it should be, and not as its neighbours', (variance) => {
    const source = noiseStream(KEY, `gaussian ${variance}`);
    const draws = draw(40_000, () => discreteGaussian(BigInt(variance), source));
    const reach = Math.ceil(12 * Math.sqrt(variance));
    expect(chanceOfDraws(draws, gaussian(variance), reach)).toBeGreaterThan(0.001);
    for (const other of [variance * 0.9, variance * 1.1])
      expect(chanceOfDraws(draws, gaussian(other), reach)).toBeLessThan(1e-4);
    const shifted = draws.map((x) => x + Math.max(1, Math.round(0.05 * Math.sqrt(variance))));
    expect(chanceOfDraws(shifted, gaussian(variance), reach)).toBeLessThan(1e-4);
  });

  test('has the tails that are computed for it', () => {
    const source = noiseStream(KEY, 'tails');
    const draws = draw(200_000, () => discreteGaussian(4n, source));
    for (const sigmas of [2, 3, 4]) {
      const from = 2 * sigmas;
      for (const hits of [draws.filter((x) => x >= from).length, draws.filter((x) => x <= -from).length]) {
        const [low, high] = chanceBetween(hits, draws.length, 0.999);
        expect(low).toBeLessThan(tailAtLeast(4, from));
        expect(high).toBeGreaterThan(tailAtLeast(4, from));
        expect(hits).toBeGreaterThan(0);
      }
    }
  });

  test('passes six deviations once in a thousand million draws', () => {
    for (const { variance } of MEASURES) {
      const chance = tailAtLeast(variance, Math.ceil(6 * Math.sqrt(variance)));
      expect(chance).toBeGreaterThan(8e-10);
      expect(chance).toBeLessThan(1.5e-9);
    }
  });

  test('of no variance is refused', () => {
    expect(() => discreteGaussian(0n, noiseStream(KEY, ''))).toThrow(RangeError);
  });

  test('is drawn without floating point', () => {
    const code = readFileSync(new URL('../../services/releases/numbers/discrete-gaussian.ts', import.meta.url), 'utf8');
    const floating = /Math\.|Number|parseFloat|\d\.\d/;
    expect(code).not.toMatch(floating);
    expect('Math.exp(-0.5)').toMatch(floating);
  });
});

describe('a tail', () => {
  test('and the other side make one', () => {
    for (const variance of [1, 50, 160_000])
      for (const from of [-30, 0, 1, 17])
        expect(tailAtLeast(variance, from) + tailAtLeast(variance, 1 - from)).toBeCloseTo(1, 12);
  });

  test('that begins below everything is all, and one beyond everything nothing', () => {
    expect(tailAtLeast(50, -100_000)).toBe(1);
    expect(tailAtLeast(50, 100_000)).toBe(0);
  });

  test('of small variance is what can be summed by hand', () => {
    const [one, two, three] = [Math.exp(-1 / 2), Math.exp(-2), Math.exp(-9 / 2)];
    expect(tailAtLeast(1, 2)).toBeCloseTo((two + three) / (1 + 2 * (one + two + three)), 3);
  });
});

describe('the parts of the sampler', () => {
  test.each([1, 3, 8, 401])('a discrete Laplace of scale %d is distributed as it should be', (scale) => {
    const source = noiseStream(KEY, `laplace ${scale}`);
    const draws = draw(30_000, () => discreteLaplace(BigInt(scale), source));
    expect(chanceOfDraws(draws, (x) => Math.exp(-Math.abs(x) / scale), 40 * scale)).toBeGreaterThan(0.001);
    expect(chanceOfDraws(draws, (x) => Math.exp(-Math.abs(x) / (scale * 1.1)), 40 * scale)).toBeLessThan(1e-6);
  });

  test.each([
    [0n, 1n],
    [1n, 1_000n],
    [1n, 3n],
    [1n, 1n],
    [3n, 2n],
    [7n, 2n],
    [4n, 1n],
  ])('exp(-%d/%d) is met as often as it should be', (numerator, denominator) => {
    const source = noiseStream(KEY, `exp ${numerator}/${denominator}`);
    const draws = draw(20_000, () => bernoulliExp(numerator, denominator, source));
    const chance = Math.exp(-Number(numerator) / Number(denominator));
    const [low, high] = chanceBetween(draws.filter((x) => x === 1).length, draws.length, 0.999);
    expect(low).toBeLessThanOrEqual(chance);
    expect(high).toBeGreaterThanOrEqual(chance);
    expect(high - low).toBeLessThan(0.03);
  });

  test.each([2, 3, 5, 200, 257])('a number below %d is any of them alike', (n) => {
    const source = noiseStream(KEY, `below ${n}`);
    const draws = draw(50_000, () => uniformBelow(BigInt(n), source));
    expect(Math.max(...draws)).toBe(n - 1);
    const counts = Array.from({ length: n }, (_, x) => draws.filter((drawn) => drawn === x).length);
    const statistic = counts.reduce((sum, seen) => sum + (seen - 50_000 / n) ** 2 / (50_000 / n), 0);
    expect(chiSquareChance(statistic, n - 1)).toBeGreaterThan(0.001);
  });

  test('a number that is not below is drawn again, not wrapped around', () => {
    // Two bits count for numbers below 3: 11 is drawn again, and 10 is the 2 that wrapping would have made a 0 of.
    const source = bytes(0b1100_0000, 0b1111_1111, 0b1000_0000, 0b0100_0000);
    expect(uniformBelow(3n, source)).toBe(2n);
    expect(source.left()).toBe(1);
  });

  test('a number below 1 needs no chance', () => {
    expect(uniformBelow(1n, bytes())).toBe(0n);
  });
});

/** Made by a second implementation of the paper's algorithms, in Python. Noise that changes breaks released periods. */
describe('golden vectors', () => {
  test('of the stream', () => {
    expect(noiseStream(KEY, 'golden').take(40).toString(16)).toBe(
      '8e410544550cfb42d432262ee3226ae93c5627da8b4d20c84411c2b931309883b3c64f0d60a03aa',
    );
  });

  test.each([
    [50, [-3, -5, 0, 10, -9, 11, 5, -3, -13, -6]],
    [64, [-6, 1, 15, 1, -9, 2, -12, -1, -6, 1]],
    [100, [-6, -15, -9, 7, -9, -5, -3, -8, -8, 0]],
    [128, [-6, -16, 9, 7, -9, -5, -25, -10, 4, 11]],
    [200, [-2, 41, 4, 9, 7, -5, -3, -12, -26, -11]],
    [160_000, [-418, 100, -420, -37, 136, 296, -183, -331, -55, 830]],
  ])('of variance %d', (variance, values) => {
    const source = noiseStream(KEY, 'golden');
    expect(draw(10, () => discreteGaussian(BigInt(variance), source))).toEqual(values);
  });
});

describe('a noise stream', () => {
  test('is HMAC-SHA-256 of the label and a counter of eight bytes, block after block', () => {
    const block = (counter: number[]) =>
      createHmac('sha256', Buffer.from(KEY, 'hex'))
        .update(Buffer.concat([Buffer.from('añ'), Buffer.from(counter)]))
        .digest('hex');
    const both = block([0, 0, 0, 0, 0, 0, 0, 0]) + block([0, 0, 0, 0, 0, 0, 0, 1]);
    const stream = noiseStream(KEY, 'añ');
    const taken = [1, 30, 3, 30].map((count) =>
      stream
        .take(count)
        .toString(16)
        .padStart(2 * count, '0'),
    );
    expect(taken.join('')).toBe(both);
  });

  test('is another one under another key or label', () => {
    const first = (key: string, label: string) => noiseStream(key, label).take(16);
    expect(new Set([first(KEY, 'a'), first(KEY, 'b'), first('5b'.repeat(32), 'a')]).size).toBe(3);
    expect(first(KEY, 'a')).toBe(first(KEY, 'a'));
  });

  test.each(['', '5a', '5A'.repeat(32), 'zz'.repeat(32), '5a'.repeat(33)])('is not made from the key %j', (key) => {
    expect(() => noiseStream(key, 'a')).toThrow('noise-key-malformed');
  });
});
