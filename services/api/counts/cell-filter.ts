import type { View } from '../../../schemas/fact.ts';
import type { Names } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import type { CellFilter } from '../../ports/count-reader.ts';

/** The filter without what was not given. */
export function filterOf(given: { readonly [K in keyof CellFilter]: CellFilter[K] | undefined }): CellFilter {
  return Object.fromEntries(Object.entries(given).filter((entry) => entry[1] !== undefined));
}

/** The names of a view's own columns. */
export function namesOf(
  view: View,
  cell: Names,
): { platform?: string; category?: string; vendor?: string; model?: string } {
  return Object.fromEntries(VIEW_TABLE[view].columns.map((column) => [column, cell[column] ?? '']));
}
