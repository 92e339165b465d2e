import { Period } from '../../schemas/period.ts';

/** How long after its end a period still takes reports, in milliseconds (72 hours). */
export const GRACE_MS = 72 * 60 * 60 * 1000;

/**
 * How long after the grace nothing is counted a last time yet: an append that began before the end of the grace has
 * failed or is in the log by then (ten minutes; a log gives an append up after at most five).
 */
export const DRAIN_MS = 10 * 60 * 1000;

/** How long after its end a period is closed, in milliseconds. */
export const CLOSES_AFTER_MS = GRACE_MS + DRAIN_MS;

/** Thrown when a string is no period. */
export class NotAPeriod extends Error {
  constructor() {
    super('not a period: expected YYYY-MM');
    this.name = 'NotAPeriod';
  }
}

export function parsePeriod(text: string): Period {
  const parsed = Period.safeParse(text);
  if (!parsed.success) throw new NotAPeriod();
  return parsed.data;
}

/** The period that holds the instant `ms` (milliseconds since 1970, UTC). */
export function periodAt(ms: number): Period {
  return new Date(ms).toISOString().slice(0, 7) as Period;
}

/** The first instant of the period, in milliseconds since 1970. */
export function periodStart(period: Period): number {
  return Date.parse(`${period}-01T00:00:00Z`);
}

/** The period `months` after this one (before it, when negative). */
export function addMonths(period: Period, months: number): Period {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return periodAt(Date.UTC(year, month - 1 + months, 1));
}

/** The first instant after the period. */
export function periodEnd(period: Period): number {
  return periodStart(addMonths(period, 1));
}

/** `2026-11` as the number 202611: the form of the facts' `period` column. */
export function periodNumber(period: Period): number {
  return Number(period.slice(0, 4)) * 100 + Number(period.slice(5));
}

/** The inverse of {@link periodNumber}. */
export function periodFromNumber(n: number): Period {
  return parsePeriod(`${Math.floor(n / 100)}-${String(n % 100).padStart(2, '0')}`);
}

/** The periods that take reports at `now`: the current one and, during its grace, the one before. Newest first. */
export function openPeriods(now: number): Period[] {
  const current = periodAt(now);
  const previous = addMonths(current, -1);
  return now < periodEnd(previous) + GRACE_MS ? [current, previous] : [current];
}

/** From when on the period can be closed, in milliseconds since 1970. */
export function closableFrom(period: Period): number {
  return periodEnd(period) + CLOSES_AFTER_MS;
}
