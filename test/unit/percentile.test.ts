import { expect, test } from 'vitest';
import { median, percentile } from '../../bench/compare.ts';
import { fc } from '../support/fast-check.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => n - i);

test('a percentile is the least value that so many do not exceed, and halfway to the next where exactly so many do not', () => {
  expect([0.5, 0.95, 0.99].map((share) => percentile(upTo(15), share))).toEqual([8, 15, 15]);
  expect([0.07, 0.5, 0.95, 0.99, 1].map((share) => percentile(upTo(100), share))).toEqual([7.5, 50.5, 95.5, 99.5, 100]);
  expect([median([3]), median([1, 2]), median([9, 1, 2])]).toEqual([3, 1.5, 2]);
  expect(percentile([], 0.5)).toBeNaN();
});

test('of any values no more than the rest are over a percentile, and no more than the share under it', () => {
  const share = fc.integer({ min: 1, max: 99 }).map((n) => n / 100);
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), share, (values, of) => {
      const at = percentile(values, of);
      const slack = 1e-9 * values.length;
      expect(values.filter((value) => value > at).length).toBeLessThanOrEqual(values.length * (1 - of) + slack);
      expect(values.filter((value) => value < at).length).toBeLessThanOrEqual(values.length * of + slack);
    }),
  );
});
