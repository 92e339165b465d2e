import type { Point } from '../../../schemas/answers/parts.ts';
import type { Before } from '../../../schemas/answers/row.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { hasDevices, hasDevicesBesideModels, type Names, toldDevices } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { filterOf } from './cell-filter.ts';
import { shareOf } from './shares.ts';
import type { CountsDeps } from './snapshots.ts';

export const POINT_COLUMNS = {
  period: 'text',
  provisional: 'flag',
  sites: 'whole',
  devices: 'whole',
  sitesShare: 'fraction',
  devicesShare: 'fraction',
} as const;

export interface Total {
  readonly sites: number | null;
  readonly devices: number | null;
}

/** The totals that cells of a view are shares of, in each of the snapshots. */
export type Totals = (period: Period, cell: Names) => Total;

export async function totalsOf(
  view: View,
  filter: CellFilter,
  snapshots: readonly Snapshot[],
  { store, threshold }: CountsDeps,
): Promise<Totals> {
  const coarser = VIEW_TABLE[view].shareOf;
  const { columns } = VIEW_TABLE[coarser];
  const scope = filterOf(Object.fromEntries(columns.map((column) => [column, filter[column]])));
  const shown = await store.cells({ snapshots, view: coarser, filter: scope, threshold });
  const found = new Map(shown.map((cell) => [scopeName(coarser, cell.period, cell), cell]));
  // Unlisted devices are no part of a category's: its devices are those of shown models.
  const beside = hasDevicesBesideModels(view)
    ? await store.cells({ snapshots, view, filter: scope, threshold })
    : undefined;
  return (period, cell) => {
    const total = found.get(scopeName(coarser, period, cell));
    const own = beside?.filter(
      (other) => other.period === period && columns.every((column) => other[column] === cell[column]),
    );
    const devices = own ? own.reduce((sum, other) => sum + other.devices, 0) : (total?.devices ?? null);
    return { sites: total?.sites ?? null, devices: hasDevices(view) ? devices : null };
  };
}

function scopeName(view: View, period: Period, cell: Names): string {
  let name = `${period}\n`;
  for (const column of VIEW_TABLE[view].columns) name += `${cell[column] ?? ''}\n`;
  return name;
}

export type Numbers = NonNullable<Before>;

/** Sites and devices of a shown cell of the period, with their shares of its own market. */
export function numbersOf(view: View, period: Period, cell: Omit<PeriodCell, 'period'>, totals: Totals): Numbers {
  const total = totals(period, cell);
  const devices = toldDevices(view, cell.devices);
  return {
    sites: cell.sites,
    devices,
    sitesShare: shareOf(cell.sites, total.sites),
    devicesShare: shareOf(devices, total.devices),
  };
}

/** What all shares of a question are of; nulls where each cell's are of a market of its own. */
export function marketTotal(view: View, asked: Names, period: Period, totals: Totals): Total {
  const { columns } = VIEW_TABLE[VIEW_TABLE[view].shareOf];
  if (columns.some((column) => asked[column] === undefined)) return { sites: null, devices: null };
  return totals(period, asked);
}

/** Of a month in which the cell is not shown. */
export const NOT_SHOWN = { sites: null, devices: null, sitesShare: null, devicesShare: null } as const;

/** One point for each snapshot. `cells` are one cell's, one a period at most. */
export function pointsOf(
  snapshots: readonly Snapshot[],
  view: View,
  cells: readonly PeriodCell[],
  totals: Totals,
): Point[] {
  const shown = new Map(cells.map((cell) => [cell.period, cell]));
  return snapshots.map(({ period, provisional }) => {
    const cell = shown.get(period);
    return { period, provisional, ...(cell ? numbersOf(view, period, cell, totals) : NOT_SHOWN) };
  });
}

/** The points of one named cell. */
export async function seriesOf(
  view: View,
  cell: CellFilter,
  snapshots: readonly Snapshot[],
  deps: CountsDeps,
): Promise<Point[]> {
  const [cells, totals] = await Promise.all([
    deps.store.cells({ snapshots, view, filter: cell, threshold: deps.threshold }),
    totalsOf(view, cell, snapshots, deps),
  ]);
  return pointsOf(snapshots, view, cells, totals);
}
