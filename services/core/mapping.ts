import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';
import { addMonths, periodAt, periodStart } from './period.ts';

/**
 * Mappings for a period are all there this long before it begins (one hour), so that every process that takes reports
 * has learned them in time: one that is added in a month's last hour waits for the month after.
 */
export const MAPPING_LEAD_MS = 60 * 60 * 1000;

/** The first period for which a mapping that is added at `now` identifies. */
export function firstPeriodOf(now: number): Period {
  return addMonths(periodAt(now + MAPPING_LEAD_MS), 1);
}

/**
 * Whether a list of mappings that was read at `readAt` holds all that there will ever be for `period`. Half of the lead
 * is left to clocks that differ.
 */
export function completeFor(period: Period, readAt: number): boolean {
  return readAt >= periodStart(period) - MAPPING_LEAD_MS / 2;
}

/** `2026-11.1+3`: the shipped catalogue, and how many times curators have added to it. */
export function catalogueVersion(shipped: string, mappings: readonly Mapping[]): string {
  const additions = new Set(mappings.map(({ id }) => id)).size;
  return additions === 0 ? shipped : `${shipped}+${additions}`;
}

export function sameName(a: DeviceName, b: DeviceName): boolean {
  return a.category === b.category && a.vendor === b.vendor && a.model === b.model;
}

/** NUL is in no name, so no two names have the same key. */
export function nameKey({ category, vendor, model }: DeviceName): string {
  return `${category}\0${vendor}\0${model}`;
}

/** The newest mapping of each name, by {@link nameKey}; those that were taken back included. */
export function newestMappings(mappings: readonly Mapping[]): Map<string, Mapping> {
  const newest = new Map<string, Mapping>();
  for (const mapping of mappings) {
    const key = nameKey(mapping.from);
    const known = newest.get(key);
    if (!known || known.id <= mapping.id) newest.set(key, mapping);
  }
  return newest;
}
