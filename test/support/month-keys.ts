import { createHmac } from 'node:crypto';
import type { Period } from '../../schemas/period.ts';
import { Tickets } from '../../services/ingest/tickets.ts';
import type { MonthKey } from '../../services/shared/month-keys.ts';
import { SealedNames } from '../../services/shared/sealed-names.ts';

/** Keys that any process would have that has the same word, of which nothing is written down. */
export function keysOf(word = 'of a test'): { of(period: Period): MonthKey; existing(period: Period): MonthKey } {
  const of = (period: Period): MonthKey => ({
    for: (purpose) => createHmac('sha256', word).update(`${period} ${purpose}`).digest(),
  });
  return { of, existing: of };
}

export const sealedNames = (period: Period): SealedNames => new SealedNames(keysOf().of(period));

export const TICKETS = new Tickets(keysOf());
