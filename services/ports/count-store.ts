import type { CubeRow } from '../../schemas/cube.ts';
import type { View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { FrozenSlots } from '../core/slot-sums.ts';
import type { Block } from './fact-log.ts';

export type Guard = 'guarded' | 'exact';

export interface SnapshotOrder {
  readonly period: Period;
  /** Fewest sites of a cell that is shown. */
  readonly threshold: number;
  readonly guard: Guard;
  readonly catalogue: string;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
}

export interface Snapshot {
  readonly period: Period;
  readonly id: number;
  readonly takenAt: number;
  /** False only for the last snapshot of a closed period. */
  readonly provisional: boolean;
  readonly catalogue: string;
  /** Sites of the whole period, null when fewer than the threshold. */
  readonly sites: number | null;
}

/** Which cells: absent means all. */
export interface CellFilter {
  readonly category?: string;
  readonly vendor?: string;
  readonly platform?: string;
  readonly model?: string;
  /** Part of a name, any case. */
  readonly q?: string;
}

export interface CountQuery {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly filter: CellFilter;
  /** Cells of fewer sites are left out whatever the snapshot holds. */
  readonly threshold: number;
  readonly sort: { readonly by: 'sites' | 'devices' | 'name'; readonly descending: boolean };
  readonly limit: number;
  readonly offset: number;
}

export interface CountPage {
  readonly rows: readonly CubeRow[];
  /** Whether rows follow after this page. */
  readonly more: boolean;
  /** Sites of the coarser cell that the filter names; null when it is not shown. */
  readonly totalSites: number | null;
  /** Devices of the shown model cells in the filter's scope. */
  readonly totalDevices: number;
  /** Cells held back in the scope. */
  readonly suppressedCells: number;
}

export interface CellsQuery {
  /** At most one of a period. */
  readonly snapshots: readonly Snapshot[];
  readonly view: View;
  readonly filter: CellFilter;
  /** Cells of fewer sites are left out whatever the snapshots hold. */
  readonly threshold: number;
}

/** A cell in one period. */
export interface PeriodCell extends CubeRow {
  readonly period: Period;
}

/**
 * Facts of open periods, and cubes. Failures are {@link ../shared/failure.ts Failure}s: `store-unavailable`
 * (again later), `store-rejected` (the blocks themselves are at fault), `store-denied` (wrong password or a right that is
 * missing), `store-locked` (another process has the directory). None holds text of the store's, because a store quotes its input.
 */
export interface CountStore {
  /** Brings the tables to the newest version. Forward only; several processes may try at once. */
  migrate(): Promise<void>;
  /**
   * Inserts the blocks' facts and slots, all of one period, durably; whatever was inserted may be inserted again. Each block is byte-scanned before it comes near
   * a query: `malformed-block` names the first that fails by its index.
   */
  insertFacts(blocks: readonly Block[]): Promise<void>;
  /** Periods that have facts or slots, oldest first. */
  factPeriods(): Promise<Period[]>;
  /**
   * Counts the period and makes the result visible at once. The stored cube is the guarded one: cells under the
   * threshold are not in it, and a guarded cell changes only when its sites have moved by at least the threshold.
   * Null when nothing changed since the last snapshot, or that was the final one. One at a time for a period: two at once would both follow the same
   * one before, and the guard could not hold between them.
   */
  takeSnapshot(order: SnapshotOrder): Promise<Snapshot | null>;
  /** The newest visible snapshot of each period, oldest period first. */
  snapshots(): Promise<Snapshot[]>;
  /** One page of a snapshot's cells, with the totals of its scope. Stable: ties are broken by name. */
  counts(query: CountQuery): Promise<CountPage>;
  /**
   * The cells of one view in each of the snapshots, oldest period first, then by name; none when no snapshot is given.
   * Devices are summed as in {@link counts}: from the shown model cells of the same snapshot.
   */
  cells(query: CellsQuery): Promise<PeriodCell[]>;
  /** Merges each period's facts, so that no place where they lie says which of them arrived together. */
  compactFacts(): Promise<void>;
  /**
   * Counts a period that takes no more reports a last time, exactly, and resolves to the id of what it wrote, which
   * nobody sees until it is shown by {@link showFinal}: two workers may freeze a period, and one result becomes the final one.
   * `facts-changed` (again later) when facts arrived meanwhile; `no-facts` when there are none, for a store that was
   * restored without them must not take that for a month in which nobody reported.
   */
  freeze(order: Omit<SnapshotOrder, 'guard'>): Promise<number>;
  /** Every cell of a snapshot, in an order that depends on nothing but the cells. */
  frozenRows(period: Period, id: number): Promise<CubeRow[]>;
  /** What the period's slots summed to when the snapshot was frozen, exactly: gone with the facts. */
  slotSums(period: Period, id: number): Promise<FrozenSlots>;
  /** Makes what was frozen the period's last snapshot: no other replaces it. Doing it again changes nothing. */
  showFinal(order: Omit<SnapshotOrder, 'guard'>, id: number): Promise<void>;
  /** Drops every other snapshot of the period, and what attempts have left. */
  keepOnly(period: Period, id: number): Promise<void>;
  /** Drops every fact and slot of the period, and what the slots summed to. Cubes stay. */
  destroyFacts(period: Period): Promise<void>;
  /** The store's own time, in milliseconds since 1970. */
  now(): Promise<number>;
  check(): Promise<void>;
  close(): Promise<void>;
}
