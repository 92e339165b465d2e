import type { CubeRow } from '../../../../schemas/cube.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type {
  CellsQuery,
  CountPage,
  CountQuery,
  CountReader,
  HeldScope,
  PeriodCell,
} from '../../../ports/count-reader.ts';
import type { Snapshot } from '../../../ports/snapshot.ts';
import type { Connections, Parameters, SqlClient } from '../client/sql-client.ts';
import { cellsOfPeriodsQuery } from './cells-sql.ts';
import { cellsQuery, HELD_SCOPES, suppressedQuery, totalDevicesQuery, totalSitesQuery } from './count-sql.ts';
import { newestSnapshots } from './stored-snapshots.ts';

export function countReader({ read }: Connections): CountReader {
  return {
    snapshots: () => snapshots(read),
    counts: (query) => counts(read, query),
    heldScopes: (snapshot) => heldScopes(read, snapshot),
    cells: (query) => cells(read, query),
  };
}

async function snapshots(client: SqlClient): Promise<Snapshot[]> {
  const rows = await newestSnapshots(client);
  return rows.map((row) => ({
    period: periodFromNumber(row.period),
    id: row.id,
    takenAt: row.taken_at,
    provisional: row.state !== 'final',
    catalogue: row.catalogue,
    sites: row.sites || null,
  }));
}

async function counts(client: SqlClient, query: CountQuery): Promise<CountPage> {
  const [rows, sites, devices, suppressed] = await Promise.all([
    rowsOf<CubeRow>(client, cellsQuery(query)),
    rowsOf<{ sites: number }>(client, totalSitesQuery(query)),
    rowsOf<{ devices: number }>(client, totalDevicesQuery(query)),
    rowsOf<{ cells: number }>(client, suppressedQuery(query)),
  ]);
  return {
    rows: rows.slice(0, query.limit),
    more: rows.length > query.limit,
    totalSites: sites[0]?.sites ?? null,
    totalDevices: devices[0]?.devices ?? 0,
    suppressedCells: suppressed[0]?.cells ?? 0,
  };
}

function heldScopes(client: SqlClient, { period, id }: Snapshot): Promise<HeldScope[]> {
  return client.rows<HeldScope>(HELD_SCOPES, { period: periodNumber(period), snapshot: id });
}

async function cells(client: SqlClient, query: CellsQuery): Promise<PeriodCell[]> {
  if (query.snapshots.length === 0) return [];
  const rows = await rowsOf<CubeRow & { period: number }>(client, cellsOfPeriodsQuery(query));
  return rows.map((row) => ({ ...row, period: periodFromNumber(row.period) }));
}

function rowsOf<T>(client: SqlClient, { text, parameters }: { text: string; parameters: Parameters }): Promise<T[]> {
  return client.rows<T>(text, parameters);
}
