import { VIEW_COLUMNS, type View } from '../../../schemas/fact.ts';
import type { CellFilter } from '../../ports/count-reader.ts';

/** The filter without what was not given. */
export function filterOf(given: { readonly [K in keyof CellFilter]: CellFilter[K] | undefined }): CellFilter {
  return Object.fromEntries(Object.entries(given).filter((entry) => entry[1] !== undefined));
}

type Names = { readonly [K in 'platform' | 'category' | 'vendor' | 'model']?: string | undefined };

/** The names of a view's own columns. */
export function namesOf(
  view: View,
  cell: Names,
): { platform?: string; category?: string; vendor?: string; model?: string } {
  return Object.fromEntries(VIEW_COLUMNS[view].map((column) => [column, cell[column] ?? '']));
}
