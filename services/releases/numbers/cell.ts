import { QUERY_NAMES, type ReleaseCell } from '../../../schemas/release.ts';

/** The order of a release: by query, then by name, compared by code unit so that no locale changes a file. */
export function compareCells(a: ReleaseCell, b: ReleaseCell): number {
  return (
    QUERY_NAMES.indexOf(a.query) - QUERY_NAMES.indexOf(b.query) ||
    compareText(a.platform, b.platform) ||
    compareText(a.category, b.category) ||
    compareText(a.vendor, b.vendor) ||
    compareText(a.model, b.model)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
