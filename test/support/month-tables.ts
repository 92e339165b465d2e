import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';

const TABLES = `
SELECT name FROM system.tables WHERE database = currentDatabase() AND match(name, {pattern:String}) ORDER BY name`;

const named = async (sql: SqlClient, pattern: string) =>
  (await sql.rows<{ name: string }>(TABLES, { pattern })).map(({ name }) => name);

/** Every table that belongs to one month, of whatever kind. */
export const monthTablesIn = (sql: SqlClient) => named(sql, '^[a-z_]+_[0-9]{6}$');

/** Facts of all months, or of one: rows of the tables, unmerged ones counted as they lie. */
export async function factRows(sql: SqlClient, period?: number): Promise<number> {
  const tables = await named(sql, `^facts_${period ?? '[0-9]{6}'}$`);
  const counts = await Promise.all(tables.map((table) => sql.rows<{ n: number }>(`SELECT count() AS n FROM ${table}`)));
  return counts.reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
}

/** A store as it was before anything was reported. */
export async function emptyCounts(sql: SqlClient): Promise<void> {
  for (const table of await monthTablesIn(sql)) await sql.run(`DROP TABLE IF EXISTS ${table} SYNC`);
  for (const table of ['cube', 'suppressed', 'snapshots']) await sql.run(`TRUNCATE TABLE IF EXISTS ${table}`);
}

/** Keys of every fact of one month. */
export async function factKeys(sql: SqlClient, period: number): Promise<number[]> {
  return (await sql.rows<{ key: number }>(`SELECT DISTINCT key FROM facts_${period}`)).map(({ key }) => key);
}
