import type { StoreExaminer, TableParts } from '../../../ports/store-examiner.ts';
import { newestMigration } from './migrations.ts';
import type { SqlClient } from './sql-client.ts';

export function storeExaminer(client: SqlClient, migrationsDirectory: string): StoreExaminer {
  return {
    async examine() {
      const [engine] = await client.rows<{ version: string; free: number }>(ENGINE);
      return {
        engine: engine?.version ?? 'unknown',
        migration: await appliedMigration(client),
        knownMigration: newestMigration(migrationsDirectory),
        detached: await client.rows<TableParts>(DETACHED),
        damaged: await damagedTables(client),
        freeBytes: engine?.free ?? 0,
      };
    },
  };
}

const ENGINE = 'SELECT version() AS version, (SELECT min(unreserved_space) FROM system.disks) AS free';

const DETACHED = `
SELECT table, count() AS parts FROM system.detached_parts
WHERE database = currentDatabase() GROUP BY table ORDER BY table`;

const TABLES = `
SELECT name FROM system.tables
WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`;

async function appliedMigration(client: SqlClient): Promise<number> {
  const [journal] = await client.rows<{ n: number }>(
    `SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = 'migrations'`,
  );
  if (!journal?.n) return 0;
  const [newest] = await client.rows<{ version: number }>('SELECT max(version) AS version FROM migrations');
  return newest?.version ?? 0;
}

/** The engine reads each part and compares it with its checksums. */
async function damagedTables(client: SqlClient): Promise<TableParts[]> {
  const damaged: TableParts[] = [];
  for (const { name } of await client.rows<{ name: string }>(TABLES)) {
    const checked = await client.rows<{ is_passed: number | boolean }>(CHECK, { table: name });
    const parts = checked.filter((part) => !part.is_passed).length;
    if (parts > 0) damaged.push({ table: name, parts });
  }
  return damaged;
}

const CHECK = 'CHECK TABLE {table:Identifier} SETTINGS check_query_single_value_result = 0';
