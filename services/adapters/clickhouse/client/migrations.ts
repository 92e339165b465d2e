import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromNewerVersion } from '../../../shared/data-format.ts';
import { packageVersion } from '../../../shared/package-root.ts';
import type { SqlClient } from './sql-client.ts';

const CREATE_JOURNAL = `
CREATE TABLE IF NOT EXISTS migrations
(version UInt32, applied_at DateTime DEFAULT now(), written_by String DEFAULT '0.1.0')
ENGINE = MergeTree ORDER BY version`;

/** Of a journal that 0.1.0 made. */
const ADD_WRITTEN_BY = "ALTER TABLE migrations ADD COLUMN IF NOT EXISTS written_by String DEFAULT '0.1.0'";

/** `written_by` is missing as long as only 0.1.0 has migrated. */
interface JournalEntry {
  readonly version: number;
  readonly written_by?: string;
}

/**
 * Applies the files `NNNN_name.sql` of `directory` that the database has not seen, in order. Forward only. Each
 * statement must be harmless when repeated, because two processes may migrate at once and a crash may fall between a
 * statement and its entry in the journal. Throws `data-from-newer-version`, before it changes anything, when the journal
 * has an entry that `directory` has not.
 */
export async function migrate(client: SqlClient, directory: string): Promise<void> {
  await client.run(CREATE_JOURNAL);
  const applied = await client.rows<JournalEntry>('SELECT * FROM migrations ORDER BY version');
  const migrations = readMigrations(directory);
  refuseUnknown(applied, migrations);
  const due = migrations.filter(({ version }) => !applied.some((entry) => entry.version === version));
  if (due.length > 0) await client.run(ADD_WRITTEN_BY);
  for (const { version, statements } of due) {
    for (const statement of statements) await client.run(statement);
    const entry = { version, writtenBy: packageVersion() };
    await client.run(
      'INSERT INTO migrations (version, written_by) VALUES ({version:UInt32}, {writtenBy:String})',
      entry,
    );
  }
}

function refuseUnknown(applied: readonly JournalEntry[], migrations: readonly Migration[]): void {
  const unknown = applied.findLast(({ version }) => !migrations.some((known) => known.version === version));
  if (unknown)
    throw fromNewerVersion(unknown.written_by, {
      migration: unknown.version,
      known: migrations.at(-1)?.version ?? 0,
    });
}

/** The number of the newest one in the directory. */
export function newestMigration(directory: string): number {
  return readMigrations(directory).at(-1)?.version ?? 0;
}

interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

function readMigrations(directory: string): Migration[] {
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
