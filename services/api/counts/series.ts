import type { Point } from '../../../schemas/answers/parts.ts';
import type { Column } from '../../../schemas/cell-names.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { hasDevices, hasDevicesBesideModels, toldDevices } from '../../core/view-rules.ts';
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
export type Totals = (period: Period, cell: Partial<Pick<PeriodCell, Column>>) => Total;

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

function scopeName(view: View, period: Period, cell: Partial<Pick<PeriodCell, Column>>): string {
  let name = `${period}\n`;
  for (const column of VIEW_TABLE[view].columns) name += `${cell[column] ?? ''}\n`;
  return name;
}

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
    const total = totals(period, cell ?? {});
    const devices = cell ? toldDevices(view, cell.devices) : null;
    return {
      period,
      provisional,
      sites: cell?.sites ?? null,
      devices,
      sitesShare: shareOf(cell?.sites ?? null, total.sites),
      devicesShare: shareOf(devices, total.devices),
    };
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
