import type { Change, Row } from '../../../schemas/answers/row.ts';
import type { View } from '../../../schemas/fact.ts';
import { isClear, restsOnFew } from '../../core/clear-change.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { namesOf } from './cell-filter.ts';
import { isWanted, type MonthCells, monthsOf, nameOf } from './month-cells.ts';
import { isForTheStore } from './remembered-cells.ts';
import { numbersOf, pointsOf, type Totals, totalsOf } from './series.ts';
import { changeOf } from './shares.ts';
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

export async function shownRows(question: RowsQuestion, deps: CountsDeps): Promise<Rows> {
  const { view, filter, snapshot, compared, months } = question;
  const snapshots = distinct([...months, snapshot, ...(compared ? [compared] : [])]);
  const [all, totals] = await Promise.all([
    monthsFor({ view, filter, snapshots }, deps),
    totalsOf(view, filter, snapshots, deps),
  ]);
  const monthOf = (wanted: Snapshot | undefined) => all.find(({ period }) => period === wanted?.period);
  const [now, then] = [monthOf(snapshot), monthOf(compared)];
  const drawn = months.map((month) => monthOf(month)).filter((month) => month !== undefined);
  const cells = rankedIn(now, filter);
  const [ranks, ranksBefore] = [ranksOf(cells), ranksOf(rankedIn(then, filter))];
  const beforeOf = (cell: PeriodCell) => then?.find(nameOf(view, cell));
  const changeOf = (cell: PeriodCell) => changeBetween(view, beforeOf(cell), cell, totals);
  return {
    cells,
    changeOf,
    row(cell) {
      const name = nameOf(view, cell);
      const [own, before] = [now?.find(name), then?.find(name)];
      return {
        ...namesOf(view, cell),
        ...numbersOf(view, cell.period, cell, totals),
        before: before ? numbersOf(view, before.period, before, totals) : null,
        change: changeOf(cell),
        rank: (own && ranks.get(own)) ?? 0,
        rankBefore: (before && ranksBefore.get(before)) ?? null,
        trend: pointsOf(
          months,
          view,
          drawn.map((month) => month.find(name)).filter((one) => one !== undefined),
          totals,
        ),
      };
    },
  };
}

/** Null when the cell was not shown in the month before. */
function changeBetween(view: View, from: PeriodCell | undefined, to: PeriodCell, totals: Totals): Change {
  if (!from) return null;
  const [before, now] = [numbersOf(view, from.period, from, totals), numbersOf(view, to.period, to, totals)];
  return {
    sitesShare: changeOf(before.sitesShare, now.sitesShare),
    devicesShare: changeOf(before.devicesShare, now.devicesShare),
    clear: isClear({
      from: from.sites,
      to: to.sites,
      totalFrom: totals(from.period, from).sites,
      totalTo: totals(to.period, to).sites,
    }),
    few: restsOnFew({ from: from.sites, to: to.sites }),
  };
}

/** With cells of the filter, and perhaps others. */
async function monthsFor(
  { view, filter, snapshots }: Pick<RowsQuestion, 'view' | 'filter'> & { readonly snapshots: readonly Snapshot[] },
  { store, threshold }: CountsDeps,
): Promise<readonly MonthCells[]> {
  const query = { snapshots, view, filter, threshold };
  if (!isForTheStore(query)) return store.months(query);
  const periods = snapshots.map(({ period }) => period);
  return monthsOf(view, periods, await store.cells(query));
}

/** Cells come by name, and this sort is stable. */
function rankedIn(month: MonthCells | undefined, filter: CellFilter): PeriodCell[] {
  return (month?.cells ?? []).filter((cell) => isWanted(cell, filter)).sort((a, b) => b.sites - a.sites);
}

function ranksOf(ranked: readonly PeriodCell[]): ReadonlyMap<PeriodCell, number> {
  return new Map(ranked.map((cell, i) => [cell, i + 1]));
}

function distinct(snapshots: readonly Snapshot[]): Snapshot[] {
  return [...new Map(snapshots.map((one) => [one.period, one])).values()];
}
