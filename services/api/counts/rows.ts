import type { Before, Change, Row } from '../../../schemas/answers/row.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { isClear, restsOnFew } from '../../core/clear-change.ts';
import { toldDevices } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { namesOf } from './cell-filter.ts';
import { pointsOf, type Totals, totalsOf } from './series.ts';
import { shareOf } from './shares.ts';
import type { CountsDeps } from './snapshots.ts';

export interface RowsQuestion {
  readonly view: View;
  readonly filter: CellFilter;
  readonly snapshot: Snapshot;
  /** What changes are against; undefined where none is shown. */
  readonly compared: Snapshot | undefined;
  /** The months of a row's trend, oldest first. */
  readonly months: readonly Snapshot[];
}

/** The shown cells of one month, most sites first, each with its place; equals by name. */
export interface Rows {
  readonly cells: readonly PeriodCell[];
  /** What is said of one of {@link cells}. */
  row(cell: PeriodCell): Row;
  /** The same without the row around it, for those who only look for what moved. */
  changeOf(cell: PeriodCell): Change;
}

/** Sites and devices with their shares, where the cell is shown. */
type Numbers = NonNullable<Before>;

export async function shownRows(question: RowsQuestion, deps: CountsDeps): Promise<Rows> {
  const { view, filter, snapshot, compared, months } = question;
  const snapshots = distinct([...months, snapshot, ...(compared ? [compared] : [])]);
  const [all, totals] = await Promise.all([
    deps.store.cells({ snapshots, view, filter, threshold: deps.threshold }),
    totalsOf(view, filter, snapshots, deps),
  ]);
  const known = byName(view, all);
  const cells = rankedIn(snapshot.period, all);
  const [ranks, ranksBefore] = [ranksOf(view, cells), ranksOf(view, compared ? rankedIn(compared.period, all) : [])];
  const ofCell = (cell: PeriodCell) => known.get(nameOf(view, cell)) ?? [];
  const beforeOf = (cell: PeriodCell) => compared && ofCell(cell).find(({ period }) => period === compared.period);
  const changeOf = (cell: PeriodCell) => changeBetween(view, beforeOf(cell), cell, totals);
  return {
    cells,
    changeOf,
    row(cell) {
      const before = beforeOf(cell);
      return {
        ...namesOf(view, cell),
        ...numbersOf(view, cell, totals),
        before: before ? numbersOf(view, before, totals) : null,
        change: changeOf(cell),
        rank: ranks.get(nameOf(view, cell)) ?? 0,
        rankBefore: ranksBefore.get(nameOf(view, cell)) ?? null,
        trend: pointsOf(months, view, ofCell(cell), totals),
      };
    },
  };
}

export function numbersOf(view: View, cell: PeriodCell, totals: Totals): Numbers {
  const total = totals(cell.period, cell);
  const devices = toldDevices(view, cell.devices);
  return {
    sites: cell.sites,
    devices,
    sitesShare: shareOf(cell.sites, total.sites),
    devicesShare: shareOf(devices, total.devices),
  };
}

/** Null when the cell was not shown in the month before. */
function changeBetween(view: View, from: PeriodCell | undefined, to: PeriodCell, totals: Totals): Change {
  if (!from) return null;
  const [before, now] = [numbersOf(view, from, totals), numbersOf(view, to, totals)];
  return {
    sitesShare: shareChange(before.sitesShare, now.sitesShare),
    devicesShare: shareChange(before.devicesShare, now.devicesShare),
    clear: isClear({
      from: from.sites,
      to: to.sites,
      totalFrom: totals(from.period, from).sites,
      totalTo: totals(to.period, to).sites,
    }),
    few: restsOnFew({ from: from.sites, to: to.sites }),
  };
}

/** As a fraction, like every share: six decimals. */
function shareChange(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.round((to - from) * 1e6) / 1e6;
}

/** What tells a cell from the others of its view. */
function nameOf(view: View, cell: PeriodCell): string {
  return VIEW_TABLE[view].columns.map((column) => cell[column]).join('\n');
}

/** The store sorts by name, and this sort is stable. */
function rankedIn(period: Period, cells: readonly PeriodCell[]): PeriodCell[] {
  return cells.filter((cell) => cell.period === period).sort((a, b) => b.sites - a.sites);
}

function ranksOf(view: View, ranked: readonly PeriodCell[]): ReadonlyMap<string, number> {
  return new Map(ranked.map((cell, i) => [nameOf(view, cell), i + 1]));
}

export function byName(view: View, cells: readonly PeriodCell[]): ReadonlyMap<string, readonly PeriodCell[]> {
  const groups = new Map<string, PeriodCell[]>();
  for (const cell of cells) {
    const group = groups.get(nameOf(view, cell));
    if (group) group.push(cell);
    else groups.set(nameOf(view, cell), [cell]);
  }
  return groups;
}

function distinct(snapshots: readonly Snapshot[]): Snapshot[] {
  return [...new Map(snapshots.map((one) => [one.period, one])).values()];
}
