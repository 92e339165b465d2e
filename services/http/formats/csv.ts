import { csvText } from '../../shared/csv.ts';
import type { Table } from './table.ts';

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** The table with its columns' names as the first line. */
export function toCsv({ columns, rows }: Table): string {
  return csvText([columns.map((column) => column.name), ...rows]);
}
