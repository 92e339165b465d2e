import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CARRIED_TABLES, LEFT_TABLES } from '../../services/adapters/clickhouse/carry/carried-tables.ts';
import { type Piece, read, written } from '../../services/cli/carry/carry-stream.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

const HEADER = { rollcall: 'export/1', version: '0.1.0', migration: 7 } as const;
const PIECES: readonly Piece[] = [
  { section: { table: 'ledger', columns: ['period', 'at'] }, lines: ['[202610,1]', '[202611,18446744073709551615]'] },
  { section: { table: 'audit', columns: ['seq'] }, lines: ['["{\\"table\\":1}"]'] },
  { section: { facts: parsePeriod('2026-11'), count: 2 }, lines: ['[202611,"site"]', '[202611,"model"]'] },
];

async function streamOf(pieces: readonly Piece[]): Promise<string[]> {
  const lines: string[] = [];
  const each = async function* () {
    yield* pieces;
  };
  for await (const text of written(HEADER, each())) lines.push(...text.trimEnd().split('\n'));
  return lines;
}

async function readAll(lines: readonly string[]): Promise<Piece[]> {
  const found: Piece[] = [];
  const each = async function* () {
    yield* lines;
  };
  for await (const piece of read(each(), async () => {})) found.push(piece);
  return found;
}

test('what was written is read, rows of a table as they stood, numbers of 64 bits too', async () => {
  expect(await readAll(await streamOf(PIECES))).toEqual(PIECES);
});

test('a stream that was cut off, changed or continued is refused, wherever', async () => {
  const whole = await streamOf(PIECES);
  const broken: string[][] = [
    [],
    whole.slice(1),
    whole.slice(0, -1),
    whole.toSpliced(2, 1),
    whole.with(2, '[202610,2]'),
    whole.toSpliced(3, 0, '[202611,5]'),
    whole.with(1, '{"table":"ledger; DROP TABLE ledger","columns":["period"]}'),
    whole.with(1, '{"table":"ledger","columns":["period)"]}'),
    [...whole, '[1]'],
    [...whole, ...whole],
    whole.with(0, '{"rollcall":"export/2","version":"0.1.0","migration":7}'),
    ['no JSON'],
  ];
  for (const lines of broken)
    await expect(readAll(lines), lines.join('\n')).rejects.toMatchObject({ code: 'export-malformed' });
});

test('of every table of the store it is said whether it is carried, or why not', () => {
  const folder = join(packageRoot(), 'schemas', 'clickhouse');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  const made = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)].map(
      ([, table]) => table,
    ),
  );
  expect(Object.keys({ ...CARRIED_TABLES, ...LEFT_TABLES }).sort()).toEqual(
    [...new Set([...made, 'migrations'])].sort(),
  );
  for (const table of ['facts', 'noise_keys', 'sessions']) expect(CARRIED_TABLES).not.toHaveProperty(table);
});
