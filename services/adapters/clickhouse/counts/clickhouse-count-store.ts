import { createHash } from 'node:crypto';
import type { CubeRow } from '../../../../schemas/cube.ts';
import type { Period } from '../../../../schemas/period.ts';
import type { BoundedRow } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type {
  CellsQuery,
  CountPage,
  CountQuery,
  CountStore,
  PeriodCell,
  Snapshot,
  SnapshotOrder,
} from '../../../ports/count-store.ts';
import type { Block } from '../../../ports/fact-log.ts';
import { Failure } from '../../../shared/failure.ts';
import { migrate } from '../client/migrations.ts';
import type { Clients, Parameters, SqlClient } from '../client/open-client.ts';
import { cellsOfPeriodsQuery } from './cells-sql.ts';
import { cellsQuery, suppressedQuery, totalDevicesQuery, totalSitesQuery } from './count-sql.ts';
import { freeze, frozenRows, showFinal } from './freeze.ts';
import { firstUncleanBlock } from './scan-block.ts';
import { newSnapshotId, snapshotBegan } from './snapshot-id.ts';
import * as sql from './snapshot-sql.ts';

/** A snapshot that was replaced stays readable this long, as long as it is among the last few. */
const KEEP_MS = 10 * 60 * 1000;
const KEEP_SNAPSHOTS = 8;

interface SnapshotRow {
  period: number;
  id: number;
  taken_at: number;
  state: string;
  catalogue: string;
  basis: string;
  threshold: number;
  sites: number;
}

/** The same SQL for the engine in the process and for a server. */
export class ClickHouseCountStore implements CountStore {
  readonly #write: SqlClient;
  readonly #read: SqlClient;
  readonly #migrations: string;

  constructor(clients: Clients, migrationsDirectory: string) {
    this.#write = clients.write;
    this.#read = clients.read;
    this.#migrations = migrationsDirectory;
  }

  migrate(): Promise<void> {
    return migrate(this.#write, this.#migrations);
  }

  async insertFacts(blocks: readonly Block[]): Promise<void> {
    const period = blocks[0]?.period;
    if (!period) return;
    const unclean = firstUncleanBlock(blocks, period);
    if (unclean >= 0) throw new Failure('malformed-block', { index: unclean });
    await this.#write.insertLines(
      'facts',
      blocks.map((block) => block.bytes),
    );
  }

  async factPeriods(): Promise<Period[]> {
    const rows = await this.#read.rows<{ period: number }>(sql.FACT_PERIODS);
    return rows.map((row) => periodFromNumber(row.period));
  }

  async takeSnapshot(order: SnapshotOrder): Promise<Snapshot | null> {
    const period = periodNumber(order.period);
    const basis = await this.#basis(order);
    const before = await this.#newest(period);
    if (basis === null || before?.basis === basis || before?.state === 'final') return null;
    const id = Math.max(newSnapshotId(order.takenAt), (before?.id ?? 0) + 1);
    const parameters = {
      period,
      snapshot: id,
      previous: before?.id ?? 0,
      threshold: order.threshold,
      guarded: order.guard === 'guarded' ? 1 : 0,
    };
    await this.#write.run(sql.INSERT_CUBE, parameters);
    const sites = await this.#writeSuppressed(parameters, order);
    await this.#write.run(sql.INSERT_SNAPSHOT, {
      period,
      snapshot: id,
      taken_at: order.takenAt,
      state: 'provisional',
      catalogue: order.catalogue,
      threshold: order.threshold,
      basis,
    });
    await this.#dropOldSnapshots(period, id, order.takenAt);
    const { catalogue, takenAt } = order;
    return { period: order.period, id, takenAt, provisional: true, catalogue, sites: sites || null };
  }

  async snapshots(): Promise<Snapshot[]> {
    const rows = await this.#read.rows<SnapshotRow>(sql.NEWEST_SNAPSHOTS);
    return rows.map((row) => ({
      period: periodFromNumber(row.period),
      id: row.id,
      takenAt: row.taken_at,
      provisional: row.state !== 'final',
      catalogue: row.catalogue,
      sites: row.sites || null,
    }));
  }

  async counts(query: CountQuery): Promise<CountPage> {
    const [rows, sites, devices, suppressed] = await Promise.all([
      this.#page<CubeRow>(cellsQuery(query)),
      this.#page<{ sites: number }>(totalSitesQuery(query)),
      this.#page<{ devices: number }>(totalDevicesQuery(query)),
      this.#page<{ cells: number }>(suppressedQuery(query)),
    ]);
    return {
      rows: rows.slice(0, query.limit),
      more: rows.length > query.limit,
      totalSites: sites[0]?.sites ?? null,
      totalDevices: devices[0]?.devices ?? 0,
      suppressedCells: suppressed[0]?.cells ?? 0,
    };
  }

  async cells(query: CellsQuery): Promise<PeriodCell[]> {
    if (query.snapshots.length === 0) return [];
    const rows = await this.#page<CubeRow & { period: number }>(cellsOfPeriodsQuery(query));
    return rows.map((row) => ({ ...row, period: periodFromNumber(row.period) }));
  }

  async compactFacts(): Promise<void> {
    for (const period of await this.factPeriods())
      await this.#write.run(sql.COMPACT_FACTS, { period: periodNumber(period) });
  }

  freeze(order: Omit<SnapshotOrder, 'guard'>): Promise<number> {
    return freeze(this.#write, order);
  }

  frozenRows(period: Period, id: number): Promise<BoundedRow[]> {
    return frozenRows(this.#write, period, id);
  }

  showFinal(order: Omit<SnapshotOrder, 'guard'>, id: number): Promise<void> {
    return showFinal(this.#write, order, id);
  }

  async keepOnly(period: Period, id: number): Promise<void> {
    for (const stored of await this.#stored(periodNumber(period)))
      if (stored !== id) await this.#dropSnapshot(periodNumber(period), stored);
  }

  async destroyFacts(period: Period): Promise<void> {
    await this.#write.run('ALTER TABLE facts DROP PARTITION {period:UInt32}', { period: periodNumber(period) });
  }

  async now(): Promise<number> {
    const [row] = await this.#read.rows<{ now: number }>('SELECT toUnixTimestamp64Milli(now64(3)) AS now');
    return row?.now ?? 0;
  }

  async check(): Promise<void> {
    await this.#read.rows('SELECT 1');
  }

  async close(): Promise<void> {
    await this.#write.close();
    if (this.#read !== this.#write) await this.#read.close();
  }

  #page<T>({ text, parameters }: { text: string; parameters: Parameters }): Promise<T[]> {
    return this.#read.rows<T>(text, parameters);
  }

  /** A digest of the facts' state and of the order's parameters; null when the period has no facts. */
  async #basis(order: SnapshotOrder): Promise<string | null> {
    const partition = String(periodNumber(order.period));
    const [row] = await this.#write.rows<{ basis: string }>(sql.FACTS_BASIS, { partition });
    if (!row || row.basis.startsWith('0:')) return null;
    const text = [row.basis, order.threshold, order.guard, order.catalogue].join('|');
    return createHash('sha256').update(text).digest('hex').slice(0, 32);
  }

  async #newest(period: number): Promise<SnapshotRow | undefined> {
    const rows = await this.#write.rows<SnapshotRow>(sql.NEWEST_SNAPSHOTS);
    return rows.find((row) => row.period === period);
  }

  /** The held-back cells of the new snapshot; resolves to its number of sites. */
  async #writeSuppressed(parameters: Parameters, order: SnapshotOrder): Promise<number> {
    const [sites] = await this.#write.rows<{ now: number; was: number }>(sql.SITES_OF_TWO, parameters);
    const refreshed = order.guard === 'exact' || sites?.now !== sites?.was;
    await this.#write.run(refreshed ? sql.INSERT_SUPPRESSED : sql.CARRY_SUPPRESSED, parameters);
    return sites?.now ?? 0;
  }

  /** Also what a crash left of a snapshot that never became visible. */
  async #dropOldSnapshots(period: number, newest: number, now: number): Promise<void> {
    const older = (await this.#stored(period)).filter((id) => id < newest);
    const replacedAt = (index: number) => snapshotBegan(older[index + 1] ?? newest);
    for (const [index, snapshot] of older.entries())
      if (older.length - index > KEEP_SNAPSHOTS || now - replacedAt(index) > KEEP_MS)
        await this.#dropSnapshot(period, snapshot);
  }

  async #stored(period: number): Promise<number[]> {
    const stored = await this.#write.rows<{ snapshot: number }>(sql.STORED_SNAPSHOTS, { period });
    return stored.map((row) => row.snapshot);
  }

  /** Its row first: what is visible is whole. */
  async #dropSnapshot(period: number, snapshot: number): Promise<void> {
    for (const table of ['snapshots', 'cube', 'suppressed'])
      await this.#write.run(`ALTER TABLE ${table} DROP PARTITION ({period:UInt32}, {snapshot:UInt64})`, {
        period,
        snapshot,
      });
  }
}
