import type { Period } from '../../../../schemas/period.ts';
import type { Block } from '../../../ports/block.ts';
import type { CarriedRows, CarriedStore } from '../../../ports/carried-store.ts';
import { monthTable, tableIsGone } from '../client/month-tables.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { CARRIED_TABLES } from './carried-tables.ts';

export function carriedStore({ write, read }: Connections): CarriedStore {
  return {
    carriedTables: () => carriedTables(read),
    carriedRows: (table) => carriedRows(read, table),
    isEmpty: () => isEmpty(read),
    addCarried: (rows) => addCarried(write, rows),
    async removeCarried() {
      for (const table of NAMES) await write.run(`TRUNCATE TABLE IF EXISTS ${table}`);
    },
    openBlocks: (period) => openBlocks(read, period),
  };
}

const NAMES = Object.keys(CARRIED_TABLES).sort();

const COLUMNS = `
SELECT table, groupArray(name) AS columns
FROM (
    SELECT table, name, position FROM system.columns
    WHERE database = currentDatabase() AND has({tables:Array(String)}, table) ORDER BY table, position
)
GROUP BY table ORDER BY table`;

function carriedTables(client: SqlClient): Promise<Omit<CarriedRows, 'lines'>[]> {
  return client.rows(COLUMNS, { tables: NAMES });
}

/** A piece of a table in one answer and one insert. */
const PIECE_BYTES = 4 * 1024 * 1024;

async function* carriedRows(client: SqlClient, table: string): AsyncGenerator<CarriedRows> {
  const columns = (await carriedTables(client)).find((one) => one.table === table)?.columns ?? [];
  for await (const lines of pieces(client, `SELECT ${lineOf(columns)} AS line FROM ${table} WHERE ${rowsOf(table)}`))
    yield { table, columns, lines };
}

const rowsOf = (table: string): string => CARRIED_TABLES[table] as string;
/** By the engine, so that no number of 64 bits passes through one of JavaScript's. */
const lineOf = (columns: readonly string[]): string =>
  `formatRowNoNewline('JSONCompactEachRow', ${columns.join(', ')})`;

/** Lines in pieces, by a hash of each line: which piece one is in, and where, says nothing but what the line says. */
async function* pieces(client: SqlClient, select: string): AsyncGenerator<string[]> {
  const [size] = await client.rows<{ bytes: number }>(`SELECT sum(length(line)) AS bytes FROM (${select})`);
  const count = Math.max(1, Math.ceil((size?.bytes ?? 0) / PIECE_BYTES));
  for (let piece = 0; piece < count; piece++) {
    const rows = await client.rows<{ line: string }>(
      `SELECT line FROM (${select}) WHERE sipHash64(line) % {count:UInt32} = {piece:UInt32} ORDER BY sipHash64(line)`,
      { count, piece },
    );
    if (rows.length > 0) yield rows.map(({ line }) => line);
  }
}

async function isEmpty(client: SqlClient): Promise<boolean> {
  for (const table of NAMES) {
    const [row] = await client.rows<{ n: number }>(`SELECT count() AS n FROM ${table}`);
    if ((row?.n ?? 0) > 0) return false;
  }
  return true;
}

/** A table or column that is not ours is a RangeError: both become part of a statement. */
async function addCarried(client: SqlClient, { table, columns, lines }: CarriedRows): Promise<void> {
  const ours = (await carriedTables(client)).find((one) => one.table === table)?.columns ?? [];
  if (ours.length === 0 || [...ours].sort().join() !== [...columns].sort().join())
    throw new RangeError('not our table');
  const bytes = lines.map((line) => Buffer.from(`${line}\n`));
  await client.insertLines(`${table} (${columns.join(', ')})`, bytes);
}

async function* openBlocks(client: SqlClient, period: Period): AsyncGenerator<Block> {
  for (const kind of ['facts', 'slots'] as const) {
    const select = `SELECT ${lineOf(['*'])} AS line FROM ${monthTable(kind, period)} FINAL`;
    try {
      for await (const lines of pieces(client, select)) {
        const bytes = Buffer.from(lines.map(asIngestWrites).join(''), 'latin1');
        yield { period, facts: lines.length, reports: 0, bytes };
      }
    } catch (thrown) {
      // A month of before there were slots has no table of them.
      if (!tableIsGone(thrown)) throw thrown;
    }
  }
}

/** The engine writes blanks between values and escapes slashes. No number of a fact has more than 53 bits. */
function asIngestWrites(line: string): string {
  return `${JSON.stringify(JSON.parse(line))}\n`;
}
