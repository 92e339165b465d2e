import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Period } from '../../schemas/period.ts';
import { TICKET_BYTES } from '../../schemas/report.ts';
import type { MonthKeys } from '../shared/month-keys.ts';

/**
 * Tickets: HMAC(month's key, token). Who shows one has been counted: so that repeats pass the limit of new tokens, and
 * nothing about tokens is stored. A ticket gives away neither token nor anything that is held under it.
 */
export class Tickets {
  readonly #keys: Pick<MonthKeys, 'of'>;

  constructor(keys: Pick<MonthKeys, 'of'>) {
    this.#keys = keys;
  }

  of(period: Period, token: Uint8Array): string {
    return this.#bytes(period, token).toString('base64url');
  }

  isOf(period: Period, token: Uint8Array, shown: string | undefined): boolean {
    if (shown === undefined) return false;
    const [given, right] = [Buffer.from(shown, 'base64url'), this.#bytes(period, token)];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #bytes(period: Period, token: Uint8Array): Buffer {
    return createHmac('sha256', this.#keys.of(period).for('ticket')).update(token).digest().subarray(0, TICKET_BYTES);
  }
}
