import { varianceIn } from './noise.ts';
import type { Published } from './published.ts';
import { queryNamed } from './queries.ts';
import { marginOf } from './rounding.ts';

export interface VendorPhones {
  /** Published phone models of the vendor that have a number of phones. */
  readonly models: number;
  /** The sum of their phones; null without any. Models that are not published are not in it. */
  readonly phones: number | null;
  readonly phonesMargin: number | null;
}

/** A vendor's phones: the sum of what is published of its models, so that the total gives away nothing more. */
export function vendorPhones({ profile, cells }: Published, vendor: string): VendorPhones {
  const phones = cells
    .filter((cell) => cell.query === 'phone_model' && cell.vendor === vendor)
    .flatMap((cell) => (cell.phones === null ? [] : [cell.phones]));
  const measure = queryNamed('phone_model').phones;
  if (phones.length === 0 || measure === null) return { models: 0, phones: null, phonesMargin: null };
  return {
    models: phones.length,
    phones: phones.reduce((sum, number) => sum + number, 0),
    phonesMargin: marginOf(measure, varianceIn(profile, measure), phones.length),
  };
}
