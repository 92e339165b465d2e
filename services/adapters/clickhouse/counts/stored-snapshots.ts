import type { SqlClient } from '../client/sql-client.ts';
import * as sql from './snapshot-sql.ts';

/** A row of the table `snapshots`: what makes a snapshot visible. */
export interface SnapshotRow {
  period: number;
  id: number;
  taken_at: number;
  state: string;
  catalogue: string;
  basis: string;
  threshold: number;
  sites: number;
}

export function newestSnapshots(client: SqlClient): Promise<SnapshotRow[]> {
  return client.rows<SnapshotRow>(sql.NEWEST_SNAPSHOTS);
}

/** Ids of all that is stored of a period's snapshots, visible or not. */
export async function storedSnapshots(client: SqlClient, period: number): Promise<number[]> {
  const stored = await client.rows<{ snapshot: number }>(sql.STORED_SNAPSHOTS, { period });
  return stored.map((row) => row.snapshot);
}

/** Its row first: what is visible is whole. */
export async function dropSnapshot(client: SqlClient, period: number, snapshot: number): Promise<void> {
  for (const table of ['snapshots', 'cube', 'suppressed'])
    await client.run(`ALTER TABLE ${table} DROP PARTITION ({period:UInt32}, {snapshot:UInt64})`, { period, snapshot });
}
