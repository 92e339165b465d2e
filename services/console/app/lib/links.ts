import type { Names } from './answers.ts';
import { part } from './api.ts';

/** Where a name leads; undefined for one that has no page (a model of no known maker). */
export function pageOf(
  names: Names,
  keep: { period?: string | undefined; compare?: string | undefined } = {},
): string | undefined {
  const query = new URLSearchParams();
  if (keep.compare) query.set('compare', keep.compare);
  if (keep.period) query.set('period', keep.period);
  const path = pathOf(names);
  return path === undefined || query.size === 0 ? path : `${path}?${query}`;
}

function pathOf({ category, vendor, model, platform }: Names): string | undefined {
  if (platform) return `/platforms/${part(platform)}`;
  if (model) return vendor && category ? `/models/${part(category)}/${part(vendor)}/${part(model)}` : undefined;
  if (vendor)
    return category && category !== 'phone'
      ? `/makers/${part(vendor)}?category=${part(category)}`
      : `/makers/${part(vendor)}`;
  return category ? `/explore?category=${part(category)}` : undefined;
}

/** A row's names alone, without its numbers. */
export function namesOf({ platform, category, vendor, model }: Names): Names {
  return Object.fromEntries(
    Object.entries({ platform, category, vendor, model }).filter(([, value]) => value !== undefined),
  );
}

/** As `/v1/compare` names a cell. */
export function cellOf({ platform, category, vendor, model }: Names): string {
  if (platform !== undefined) return vendor === undefined ? platform : `${platform}:${vendor}`;
  return [category, vendor, model].filter((one) => one !== undefined).join(':');
}

/** `main` of a model that is not in the catalogue is said, or its maker would seem to be meant. */
export function nameOf({ platform, category, vendor, model }: Names): { small: string; main: string } {
  if (platform !== undefined) return { small: vendor === undefined ? '' : platform, main: vendor ?? platform };
  if (model !== undefined) return { small: vendor ?? '', main: model || 'not listed' };
  return { small: '', main: vendor === undefined ? (category ?? '') : vendor || 'No maker' };
}
