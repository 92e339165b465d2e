import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Period } from '../../../../schemas/period.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import { Failure } from '../../../shared/failure.ts';
import { packageRoot } from '../../../shared/package-root.ts';
import type { SqlClient } from './sql-client.ts';

/**
 * Kinds of tables of which every month has one of its own, defined in `schemas/clickhouse/month/KIND.sql`: what is no
 * count and belongs to a month goes into one of them, because a table can be dropped whole and at once. All of a
 * month's tables are dropped together; nothing else names them.
 */
const MONTH_TABLES = ['facts', 'slots', 'slot_sums', 'totals', 'counted', 'opened'] as const;
export type MonthTable = (typeof MONTH_TABLES)[number];

/** Such as `facts_202611`: letters and digits of ours, so it may stand in a statement. */
export function monthTable(kind: MonthTable, period: Period): string {
  return `${kind}_${periodNumber(period)}`;
}

/** Does nothing when the table is there. */
export async function createMonthTable(client: SqlClient, kind: MonthTable, period: Period): Promise<void> {
  const statement = readFileSync(join(packageRoot(), 'schemas', 'clickhouse', 'month', `${kind}.sql`), 'utf8');
  await client.run(statement, { table: monthTable(kind, period) });
}

/** Whether the statement failed because its table is not there, or went away meanwhile. */
export function tableIsGone(thrown: unknown): boolean {
  return thrown instanceof Failure && GONE_CODES.has(String(thrown.detail.code));
}

/** UNKNOWN_TABLE, TABLE_IS_DROPPED, and ABORTED of a merge whose table was dropped. */
const GONE_CODES = new Set(['60', '218', '236']);

/** Months that have, or had by what was noted of them, facts: oldest first. */
export async function factMonths(client: SqlClient): Promise<Period[]> {
  const rows = await client.rows<{ period: number }>(MONTHS, { pattern: '^(facts|totals)_[0-9]{6}$' });
  return rows.map((row) => periodFromNumber(row.period));
}

const MONTHS = `
SELECT DISTINCT toUInt32(extract(table, '[0-9]{6}$')) AS period
FROM system.parts
WHERE database = currentDatabase() AND match(table, {pattern:String}) AND active AND rows > 0
ORDER BY period`;

/**
 * Drops every table of the month, and whatever merge is at work in one. Resolves when nothing is left of them: no table,
 * no part, neither inactive nor detached nor waiting to be removed, and, where the engine's files are on this machine,
 * no directory. Throws `facts-remain`, which is to be tried again, when something is.
 */
export async function dropMonthTables(client: SqlClient, period: Period): Promise<void> {
  const tables = MONTH_TABLES.map((kind) => monthTable(kind, period));
  const there = await client.rows<{ name: string; data_paths: string[] }>(PATHS, { tables });
  for (const { name } of there) {
    // First its parts, then the table: a crash in between leaves a table without a byte in it.
    await client.run(`TRUNCATE TABLE IF EXISTS ${name}`);
    await client.run(`DROP TABLE IF EXISTS ${name} SYNC`);
  }
  const left = await monthLeft(client, period);
  const directories = there.flatMap((table) => table.data_paths).filter((path) => existsSync(path)).length;
  if (left + directories > 0) throw new Failure('facts-remain', { left, directories });
}

const PATHS = `
SELECT name, data_paths FROM system.tables
WHERE database = currentDatabase() AND has({tables:Array(String)}, name)`;

/** How many tables and parts of the month the engine knows of, in whatever state. */
export async function monthLeft(client: SqlClient, period: Period): Promise<number> {
  const tables = MONTH_TABLES.map((kind) => monthTable(kind, period));
  const [row] = await client.rows<{ left: number }>(LEFT, { tables });
  return row?.left ?? 0;
}

const LEFT = `
SELECT sum(n) AS left FROM
(
    SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND has({tables:Array(String)}, name)
    UNION ALL
    SELECT count() FROM system.parts WHERE database = currentDatabase() AND has({tables:Array(String)}, table)
    UNION ALL
    SELECT count() FROM system.detached_parts WHERE database = currentDatabase() AND has({tables:Array(String)}, table)
    UNION ALL
    SELECT count() FROM system.dropped_tables_parts
    WHERE database = currentDatabase() AND has({tables:Array(String)}, table)
)`;
