import type { FastifyReply } from 'fastify';
import { CSV_TYPE, toCsv } from './csv.ts';
import { PARQUET_TYPE, toParquet } from './parquet.ts';
import type { Table } from './table.ts';

const FORMATS = ['json', 'csv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

const MEDIA_TYPES: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'text/csv': 'csv',
  [PARQUET_TYPE]: 'parquet',
};

/** The offered format that an Accept header likes best; JSON when it names none of them. */
export function acceptedFormat(accept: string | undefined, offered: readonly Format[]): Format {
  const wanted = (accept ?? '')
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim().toLowerCase()))
    .map(([type = '', ...parameters]) => ({ format: formatOf(type), weight: weightOf(parameters) }))
    .filter(({ format, weight }) => format !== undefined && offered.includes(format) && weight > 0)
    // The sort is stable: of equals the first named.
    .sort((a, b) => b.weight - a.weight);
  return wanted[0]?.format ?? 'json';
}

function formatOf(type: string): Format | undefined {
  if (type === '*/*' || type === 'application/*') return 'json';
  return Object.hasOwn(MEDIA_TYPES, type) ? MEDIA_TYPES[type] : undefined;
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}

/** What a file's name is made of, where the answer or the question has it. */
interface Named {
  readonly period?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly view?: unknown;
  readonly category?: unknown;
}

/** `2026-10-model-phone`: the months and the lists of words that an answer is about, never free text that was asked. */
export function fileName(list: string, { query, answer }: { query: unknown; answer: unknown }): string {
  const { period, from, to, view, category } = { ...(query as Named), ...(answer as Named) };
  const months = period ?? (from !== undefined && to !== undefined ? `${from}-${to}` : undefined);
  // A view of a month needs no other name.
  const words = [months, ...(list === 'counts' ? [] : [list]), view, category];
  return words.filter((word) => typeof word === 'string' && /^[a-z0-9_-]+$/.test(word)).join('-');
}

/** The table as a download. */
export async function sendTable(
  reply: FastifyReply,
  table: Table,
  format: 'csv' | 'parquet',
  name: string,
): Promise<string | Buffer> {
  reply.header('content-disposition', `attachment; filename="rollcall-${name}.${format}"`);
  reply.type(format === 'csv' ? CSV_TYPE : PARQUET_TYPE);
  return format === 'csv' ? toCsv(table) : Buffer.from(await toParquet(table));
}
