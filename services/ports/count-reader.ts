import type { CubeRow } from '../../schemas/cube.ts';
import type { View } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Snapshot } from './snapshot.ts';

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

/** How many cells of a view are held back in a scope, which has '' in the columns that it is not of. */
export interface HeldScope {
  readonly view: View;
  readonly platform: string;
  readonly category: string;
  readonly vendor: string;
  readonly cells: number;
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

/** Cubes as they may be shown: whoever reads counts comes near no fact. */
export interface CountReader {
  /** The newest visible snapshot of each period, oldest period first. */
  snapshots(): Promise<Snapshot[]>;
  /** One page of a snapshot's cells, with the totals of its scope. Stable: ties are broken by name. */
  counts(query: CountQuery): Promise<CountPage>;
  /** Every scope of the snapshot of which it is kept how many cells are held back. */
  heldScopes(snapshot: Snapshot): Promise<readonly HeldScope[]>;
  /**
   * The cells of one view in each of the snapshots, oldest period first, then by name as {@link counts} sorts; none when no snapshot is given.
   * Devices are summed as in {@link counts}: from the shown model cells of the same snapshot.
   */
  cells(query: CellsQuery): Promise<PeriodCell[]>;
}
