import { describe, expect, test } from 'vitest';
import { Period } from '../../schemas/period.ts';
import {
  addMonths,
  GRACE_MS,
  NotAPeriod,
  openPeriods,
  parsePeriod,
  periodAt,
  periodEnd,
  periodFromNumber,
  periodNumber,
  periodStart,
} from '../../services/core/period.ts';
import { fc } from '../support/fast-check.ts';

const november = parsePeriod('2026-11');
const december = parsePeriod('2026-12');

const periods = fc
  .record({ year: fc.integer({ min: 2000, max: 2099 }), month: fc.integer({ min: 1, max: 12 }) })
  .map(({ year, month }) => parsePeriod(`${year}-${String(month).padStart(2, '0')}`));

describe('a period', () => {
  test('is written as a year and a month', () => {
    expect(parsePeriod('2026-11')).toBe('2026-11');
    expect(parsePeriod('2000-01')).toBe('2000-01');
    expect(parsePeriod('2099-12')).toBe('2099-12');
  });

  const notPeriods = ['', '2026', '2026-0', '2026-00', '2026-13', '2026-1', '2026-011', '26-11', '1999-12', '2100-01'];
  const oddlyWritten = [
    '2026/11',
    '2026-11-01',
    ' 2026-11',
    '2026-11 ',
    '2026-11\n',
    '２０２６-11',
    '+2026-11',
    '2026-1１',
  ];
  test.each([...notPeriods, ...oddlyWritten])('is not written as %j', (text) => {
    expect(() => parsePeriod(text)).toThrow(NotAPeriod);
  });

  test('that is none is not repeated in the failure', () => {
    try {
      parsePeriod('canary-4711');
      expect.unreachable();
    } catch (thrown) {
      expect(String(thrown)).not.toContain('canary');
      expect((thrown as Error).stack).not.toContain('canary');
    }
  });

  test('begins with its month and ends where the next begins, in UTC', () => {
    expect(new Date(periodStart(november)).toISOString()).toBe('2026-11-01T00:00:00.000Z');
    expect(new Date(periodEnd(november)).toISOString()).toBe('2026-12-01T00:00:00.000Z');
    expect(new Date(periodEnd(december)).toISOString()).toBe('2027-01-01T00:00:00.000Z');
  });

  test('holds its first and its last millisecond and no other', () => {
    expect(periodAt(Date.UTC(2026, 10, 1))).toBe('2026-11');
    expect(periodAt(Date.UTC(2026, 11, 1) - 1)).toBe('2026-11');
    expect(periodAt(Date.UTC(2026, 11, 1))).toBe('2026-12');
    expect(periodAt(Date.UTC(2026, 10, 1) - 1)).toBe('2026-10');
  });

  test('has 29 days in a leap February', () => {
    const february = parsePeriod('2028-02');
    expect((periodEnd(february) - periodStart(february)) / 86_400_000).toBe(29);
  });

  test('follows another across a year in both directions', () => {
    expect(addMonths(november, 2)).toBe('2027-01');
    expect(addMonths(november, -11)).toBe('2025-12');
    expect(addMonths(november, 0)).toBe('2026-11');
    expect(addMonths(november, 25)).toBe('2028-12');
  });

  test('is a number in the facts table', () => {
    expect(periodNumber(november)).toBe(202611);
    expect(periodFromNumber(202611)).toBe('2026-11');
    expect(periodFromNumber(200001)).toBe('2000-01');
  });

  test.each([0, -202611, 202600, 202613, 20261, 2026111, 202611.5, Number.NaN, Number.POSITIVE_INFINITY, 199912])(
    'is not the number %d',
    (n) => {
      expect(() => periodFromNumber(n)).toThrow(NotAPeriod);
    },
  );

  test('survives being a number, a text and an instant', () => {
    fc.assert(
      fc.property(periods, (period) => {
        expect(periodFromNumber(periodNumber(period))).toBe(period);
        expect(Period.parse(period)).toBe(period);
        expect(periodAt(periodStart(period))).toBe(period);
        expect(periodAt(periodEnd(period) - 1)).toBe(period);
      }),
    );
  });

  test('moved by some months and back is the same, and its number grows with time', () => {
    fc.assert(
      fc.property(periods, fc.integer({ min: -240, max: 240 }), (period, months) => {
        expect(addMonths(addMonths(period, months), -months)).toBe(period);
        expect(Math.sign(periodStart(addMonths(period, months)) - periodStart(period))).toBe(Math.sign(months));
        expect(periodNumber(addMonths(period, 1))).toBeGreaterThan(periodNumber(period));
      }),
    );
  });
});

describe('reports are taken', () => {
  const hour = 3_600_000;

  test('for the current period and, during 72 hours, for the one before', () => {
    expect(GRACE_MS).toBe(72 * hour);
    expect(openPeriods(Date.UTC(2026, 11, 1))).toEqual(['2026-12', '2026-11']);
    expect(openPeriods(Date.UTC(2026, 11, 3, 23, 59, 59, 999))).toEqual(['2026-12', '2026-11']);
  });

  test('for the current period alone once the grace is over', () => {
    expect(openPeriods(Date.UTC(2026, 11, 4))).toEqual(['2026-12']);
    expect(openPeriods(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toEqual(['2026-12']);
  });

  test('in January for the December before', () => {
    expect(openPeriods(Date.UTC(2027, 0, 2))).toEqual(['2027-01', '2026-12']);
  });

  test('for one or two periods at any time, the newest first, and the newest is the one that holds the instant', () => {
    const first = Date.UTC(2000, 1, 1);
    const last = Date.UTC(2099, 11, 31);
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (now) => {
        const open = openPeriods(now);
        expect(open[0]).toBe(periodAt(now));
        const sinceStart = now - periodStart(periodAt(now));
        expect(open.slice(1)).toEqual(sinceStart < GRACE_MS ? [addMonths(periodAt(now), -1)] : []);
      }),
    );
  });
});
