import { describe, expect, test } from 'vitest';
import { isClear, restsOnFew } from '../../services/core/clear-change.ts';

const grown = { totalFrom: 1_000, totalTo: 1_200 };

describe('a change is clear', () => {
  test('when it is more than twice the spread of chance away from the growth of all', () => {
    // e = 100 * 1.2 = 120; the spread of 165 and 120 is 16.9, and 45 is more than twice that.
    expect(isClear({ from: 100, to: 165, ...grown })).toBe(true);
    expect(isClear({ from: 100, to: 79, ...grown })).toBe(true);
  });

  test('not when the whole fleet grew as much', () => {
    expect(isClear({ from: 100, to: 120, ...grown })).toBe(false);
    expect(isClear({ from: 100, to: 150, ...grown })).toBe(false);
  });

  test('not at exactly twice the spread', () => {
    // e = 8, 8 away: 2 * sqrt(16 + 8) is 9.8. And 0 from 4: 4 is 2 * sqrt(4).
    expect(isClear({ from: 8, to: 16, totalFrom: 10, totalTo: 10 })).toBe(false);
    expect(isClear({ from: 4, to: 0, totalFrom: 10, totalTo: 10 })).toBe(false);
    expect(isClear({ from: 5, to: 0, totalFrom: 10, totalTo: 10 })).toBe(true);
  });

  test('never without the totals', () => {
    expect(isClear({ from: 1, to: 999, totalFrom: null, totalTo: 10 })).toBe(false);
    expect(isClear({ from: 1, to: 999, totalFrom: 0, totalTo: 10 })).toBe(false);
    expect(isClear({ from: 1, to: 999, totalFrom: 10, totalTo: null })).toBe(false);
  });
});

test('a change rests on few sites when one of the two months has under 30', () => {
  expect(restsOnFew({ from: 30, to: 30 })).toBe(false);
  expect(restsOnFew({ from: 29, to: 300 })).toBe(true);
  expect(restsOnFew({ from: 300, to: 29 })).toBe(true);
});
