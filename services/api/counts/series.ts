import * as z from 'zod';
import { VIEW_COLUMNS, type View } from '../../../schemas/fact.ts';
import { Period } from '../../../schemas/period.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { filterOf } from './cell-filter.ts';
import { Count, hasDevices, Share, shareOf } from './shares.ts';
import type { CountsDeps } from './snapshots.ts';

/** A cell in one period. Nulls where it is not shown: held back or not there, which is not told apart. */
export const Point = z.strictObject({
  period: Period,
  provisional: z.boolean(),
  sites: Count.nullable(),
  devices: Count.nullable(),
  sitesShare: Share,
  devicesShare: Share,
});
export type Point = z.infer<typeof Point>;

export const POINT_COLUMNS = {
  period: 'text',
  provisional: 'flag',
  sites: 'whole',
  devices: 'whole',
  sitesShare: 'fraction',
  devicesShare: 'fraction',
} as const;

/** What a cell's shares are of: a model or a vendor of its category, a platform's vendor of the platform, else all sites. */
const SHARE_OF: Readonly<Record<View, View>> = {
  model: 'category',
  unlisted: 'category',
  vendor: 'category',
  platform_vendor: 'platform',
  category: 'site',
  platform: 'site',
  site: 'site',
};

export interface Total {
  readonly sites: number | null;
  readonly devices: number | null;
}

/** The totals that cells of a view are shares of, in each of the snapshots. */
export type Totals = (period: Period, cell: Partial<Pick<PeriodCell, 'category' | 'platform'>>) => Total;

export async function totalsOf(
  view: View,
  filter: CellFilter,
  snapshots: readonly Snapshot[],
  { store, threshold }: CountsDeps,
): Promise<Totals> {
  const coarser = SHARE_OF[view];
  const { category, platform } = filter;
  const columns = VIEW_COLUMNS[coarser];
  const scope = filterOf({
    category: columns.includes('category') ? category : undefined,
    platform: columns.includes('platform') ? platform : undefined,
  });
  const shown = await store.cells({ snapshots, view: coarser, filter: scope, threshold });
  const found = new Map(shown.map((cell) => [scopeName(coarser, cell.period, cell), cell]));
  // Unlisted devices are no part of a category's: its devices are those of shown models.
  const unlisted = view === 'unlisted' ? await store.cells({ snapshots, view, filter: scope, threshold }) : undefined;
  return (period, cell) => {
    const total = found.get(scopeName(coarser, period, cell));
    const own = unlisted?.filter((other) => other.period === period && other.category === cell.category);
    const devices = own ? own.reduce((sum, other) => sum + other.devices, 0) : (total?.devices ?? null);
    return { sites: total?.sites ?? null, devices: hasDevices(view) ? devices : null };
  };
}

function scopeName(view: View, period: Period, cell: Partial<Pick<PeriodCell, 'category' | 'platform'>>): string {
  return JSON.stringify([period, ...VIEW_COLUMNS[view].map((column) => cell[column as 'category' | 'platform'] ?? '')]);
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
    const devices = cell && hasDevices(view) ? cell.devices : null;
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
