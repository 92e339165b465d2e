import type { ReleaseCell } from '../../schemas/release.ts';

/** One string for one cell: lists of strings in JSON are never the same text unless they are the same lists. */
export function cellKey({ query, platform, category, vendor, model }: Record<keyof ReleaseCell, string>): string {
  return JSON.stringify([query, platform, category, vendor, model]);
}

/** The nearest multiple, halves up. */
export function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

/** How long after its release a held cell can be approved. What is undecided then stays unpublished. */
export const DECIDE_WITHIN_MS = 7 * 24 * 60 * 60 * 1_000;
