import type { Table, Value } from './table.ts';

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** RFC 4180: CRLF after each line, quotes where needed. What a spreadsheet would take for a formula is told to be text. */
export function toCsv({ columns, rows }: Table): string {
  const lines = [columns.map((column) => column.name), ...rows];
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

function field(value: Value): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
