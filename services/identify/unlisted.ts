import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';
import { findInPair } from './personal-data.ts';
import type { Alone, Shape } from './shape.ts';

/** What an unknown maker may be called: PRIVACY.md section 5. */
const MAKER = /^[A-Za-z0-9 ._+/()&-]{2,40}$/;

export const EMPTY: Identity = { kind: 'refused', reason: 'empty' };
export const BAD_NAME: Identity = { kind: 'refused', reason: 'bad-name' };
export const PERSONAL: Identity = { kind: 'refused', reason: 'personal-data' };
export const NOT_A_DEVICE: Identity = { kind: 'refused', reason: 'not-a-device' };

/**
 * The lane of names that nobody knows: an unknown maker with a name that is shaped like a product's, or the reason why it
 * may not travel. Text without a maker never does: it is as likely a person's name as a product's.
 */
export function unlisted(category: Category, vendor: string, model: string, shape: Shape): Identity {
  if (isTooLong(vendor, model)) return BAD_NAME;
  if (findInPair(vendor, model)) return PERSONAL;
  if (!MAKER.test(vendor) || !/[A-Za-z]/.test(vendor) || !shape.fits(model, 0, true)) return BAD_NAME;
  return { kind: 'unlisted', category, vendor, model };
}

/** No name is longer: what is, is refused before any detector looks at it. */
export function isTooLong(vendor: string, model: string): boolean {
  return vendor.length > MOST_NAME || model.length > MOST_NAME;
}

const MOST_NAME = 64;

/**
 * A name under a known maker that the list does not hold: as much of it as is shaped like a product's name, or the maker
 * alone. `unknown` words may be in it that no listed name has. Not `guarded`: a maker's own form that looks like a serial.
 */
export function proposed(
  category: Category,
  vendor: string,
  model: string,
  shape: Shape,
  { unknown, alone }: { readonly unknown: number; readonly alone: Alone },
  guarded = true,
): Identity {
  const name = shape.cut(model, unknown, alone);
  if (name === '') return { kind: 'listed', category, vendor, model: '' };
  if (guarded && findInPair(vendor, name)) return PERSONAL;
  return { kind: 'proposed', category, vendor, model: name };
}
