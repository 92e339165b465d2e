import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlClient } from './open-client.ts';

const CREATE_JOURNAL = `
CREATE TABLE IF NOT EXISTS migrations (version UInt32, applied_at DateTime DEFAULT now())
ENGINE = MergeTree ORDER BY version`;

/**
 * Applies the files `NNNN_name.sql` of `directory` that the database has not seen, in order. Forward only. Each
 * statement must be harmless when repeated, because two processes may migrate at once and a crash may fall between a
 * statement and its entry in the journal.
 */
export async function migrate(client: SqlClient, directory: string): Promise<void> {
  await client.run(CREATE_JOURNAL);
  const applied = await client.rows<{ version: number }>('SELECT DISTINCT version FROM migrations');
  const known = new Set(applied.map((row) => row.version));
  for (const { version, statements } of readMigrations(directory)) {
    if (known.has(version)) continue;
    for (const statement of statements) await client.run(statement);
    await client.run('INSERT INTO migrations (version) VALUES ({version:UInt32})', { version });
  }
}

export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      statements: readFileSync(join(directory, name), 'utf8')
        .split(/;\s*$/m)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== ''),
    }));
}
