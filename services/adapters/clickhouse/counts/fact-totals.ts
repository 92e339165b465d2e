import type { Period } from '../../../../schemas/period.ts';
import { periodNumber } from '../../../core/period.ts';
import type { FactLoss } from '../../../ports/fact-loss.ts';
import { Failure } from '../../../shared/failure.ts';
import { createMonthTable, monthTable, tableIsGone } from '../client/month-tables.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';

// The engine sets a part aside that it cannot load, and goes on without it and without a word: half of a month's sites may be
// gone by the next count. Rows are never deleted (who withdraws adds some), so of each key one stays for ever.

const KINDS = ['facts', 'slots'] as const;
type Kind = (typeof KINDS)[number];

/** Throws `facts-missing` when the engine has set parts of the month aside. Costs a look into the engine's lists. */
export async function requireNothingSetAside(client: SqlClient, period: Period): Promise<void> {
  const parts = await setAside(client, period);
  if (parts.length > 0) throw new Failure('facts-missing', { period, setAside: parts.length });
}

/** Throws `facts-missing` when fewer rows are there than there were; notes how many there are. Reads every key. */
export async function requireAllFacts(client: SqlClient, period: Period): Promise<void> {
  const known = await knownRows(client, period);
  const found = new Map<Kind, number>();
  for (const kind of KINDS) {
    const [rows, expected] = [await rowsIn(client, monthTable(kind, period)), known.get(kind) ?? 0];
    if (rows < expected) throw new Failure('facts-missing', { period, table: kind, expected, found: rows });
    if (rows > expected) found.set(kind, rows);
  }
  if (found.size === 0) return;
  await createMonthTable(client, 'totals', period);
  for (const [kind, rows] of found) await note(client, period, kind, rows);
}

/** Notes the rows of a table that has just been merged into one part, where the month has a place for it. */
export async function noteMerged(client: SqlClient, kind: Kind, period: Period): Promise<void> {
  const [merged] = await client.rows<{ parts: number; level: number; rows: number }>(MERGED, {
    table: monthTable(kind, period),
  });
  // Of level 0 is what was inserted as it came: a key may be in it twice.
  if (merged?.parts !== 1 || merged.level === 0) return;
  try {
    const known = (await knownRows(client, period)).get(kind);
    if (known !== undefined && merged.rows > known) await note(client, period, kind, merged.rows);
  } catch (thrown) {
    if (!tableIsGone(thrown)) throw thrown;
  }
}

const MERGED = `
SELECT count() AS parts, min(level) AS level, sum(rows) AS rows FROM system.parts
WHERE database = currentDatabase() AND table = {table:String} AND active`;

export function factLoss({ write }: Connections): FactLoss {
  return { acceptLoss: (period) => acceptLoss(write, period) };
}

async function acceptLoss(client: SqlClient, period: Period): Promise<number> {
  let dropped = 0;
  for (const { table, name } of await setAside(client, period)) {
    await client.run(`ALTER TABLE ${table} DROP DETACHED PART '${name}' SETTINGS allow_drop_detached = 1`);
    dropped++;
  }
  for (const kind of KINDS)
    for (const name of await unreadable(client, monthTable(kind, period))) {
      await client.run(`ALTER TABLE ${monthTable(kind, period)} DROP PART '${name}'`);
      dropped++;
    }
  await client.run(`DROP TABLE IF EXISTS ${monthTable('totals', period)} SYNC`);
  await requireAllFacts(client, period);
  return dropped;
}

interface Part {
  readonly table: string;
  readonly name: string;
}

/** The engine's own names of parts: what is anything else stands in no statement. */
const PART_NAME = /^[A-Za-z0-9_-]{1,200}$/;

async function setAside(client: SqlClient, period: Period): Promise<Part[]> {
  const tables = KINDS.map((kind) => monthTable(kind, period));
  const parts = await client.rows<Part>(SET_ASIDE, { tables });
  return parts.filter(({ name }) => PART_NAME.test(name));
}

/** Not what a replica has whole under another name. */
const SET_ASIDE = `
SELECT table, name FROM system.detached_parts
WHERE database = currentDatabase() AND has({tables:Array(String)}, table)
  AND ifNull(reason, '') NOT IN ('ignored', 'clone', 'deleting', 'covered-by-broken')`;

async function unreadable(client: SqlClient, table: string): Promise<string[]> {
  try {
    const checked = await client.rows<{ part_path: string; is_passed: number | boolean }>(CHECK, { table });
    return checked.filter((part) => !part.is_passed && PART_NAME.test(part.part_path)).map((part) => part.part_path);
  } catch (thrown) {
    if (tableIsGone(thrown)) return [];
    throw thrown;
  }
}

const CHECK = 'CHECK TABLE {table:Identifier} SETTINGS check_query_single_value_result = 0';

async function knownRows(client: SqlClient, period: Period): Promise<ReadonlyMap<string, number>> {
  try {
    const rows = await client.rows<{ kind: string; most: number }>(KNOWN, { totals: monthTable('totals', period) });
    return new Map(rows.map(({ kind, most }) => [kind, most]));
  } catch (thrown) {
    if (tableIsGone(thrown)) return new Map();
    throw thrown;
  }
}

const KNOWN = 'SELECT kind, max(rows) AS most FROM {totals:Identifier} GROUP BY kind';

async function rowsIn(client: SqlClient, table: string): Promise<number> {
  try {
    const [counted] = await client.rows<{ n: number }>('SELECT count() AS n FROM {table:Identifier} FINAL', { table });
    return counted?.n ?? 0;
  } catch (thrown) {
    if (tableIsGone(thrown)) return 0;
    throw thrown;
  }
}

async function note(client: SqlClient, period: Period, kind: Kind, rows: number): Promise<void> {
  const line = Buffer.from(`${JSON.stringify([periodNumber(period), kind, rows])}\n`);
  await client.insertLines(monthTable('totals', period), [line]);
}
