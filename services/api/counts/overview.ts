import * as z from 'zod';
import type { OVERVIEW_PARTS, OverviewAnswer } from '../../../schemas/answers/overview.ts';
import type { Amount, Row } from '../../../schemas/answers/row.ts';
import type { View } from '../../../schemas/fact.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { openPeriods, periodAt } from '../../core/period.ts';
import { wholeNumber } from '../../http/query-parts.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { Failure } from '../../shared/failure.ts';
import { comparedWith, newestFinal, usualComparison } from './comparison.ts';
import type { Reading } from './reading.ts';
import { type Rows, shownRows } from './rows.ts';
import { type CountsDeps, monthsUpTo, newestCounted, takenAt, within } from './snapshots.ts';

export const OverviewQuery = z.strictObject({
  category: z.enum(CATEGORIES).default('phone'),
  period: Period.optional(),
  compare: Period.optional(),
  top: wholeNumber(1, 50, 10),
});
export type OverviewQuery = z.infer<typeof OverviewQuery>;

/** A year and the month that it began with. */
const MONTHS = 13;

type PartName = (typeof OVERVIEW_PARTS)[number];
type ListName = 'makers' | 'models' | 'platforms' | 'categories';
type Moved = NonNullable<OverviewAnswer['rising']>[number];

interface List {
  readonly view: View;
  readonly rows: Rows;
  readonly suppressed: number;
}
type Lists = Readonly<Record<ListName, List | Failure>>;

/** What is asked, with the months that it is answered from. */
interface Chosen {
  readonly query: OverviewQuery;
  readonly period: Period;
  readonly snapshot: Snapshot | undefined;
  readonly compared: Snapshot | undefined;
  /** That are shown over time. */
  readonly months: readonly Snapshot[];
  readonly open: Snapshot | undefined;
}

/** Everything that the console's first page shows. */
export async function overview(query: OverviewQuery, deps: CountsDeps): Promise<Reading<OverviewAnswer>> {
  const chosen = choose(query, await deps.store.snapshots(), deps);
  const { period, snapshot, compared, months } = chosen;
  return {
    snapshots: [...new Set([...months, ...(snapshot ? [snapshot] : []), ...(compared ? [compared] : [])])],
    path: '/v1/overview',
    parameters: { ...query, period, compare: compared?.period },
    basis: chosen.open?.period ?? '',
    answer: () => answerOf(chosen, deps),
  };
}

function choose(query: OverviewQuery, all: readonly Snapshot[], { clock }: CountsDeps): Chosen {
  const meant = query.period ?? (newestFinal(all) ?? newestCounted(all, clock))?.period ?? periodAt(clock.now());
  const snapshot = all.find(({ period }) => period === meant);
  const taking = openPeriods(clock.now());
  const open = all.findLast(({ period, provisional }) => provisional && taking.includes(period));
  const upTo = all.filter(({ period }) => period <= meant);
  return {
    query,
    period: meant,
    snapshot,
    compared: comparedWith(query.compare ?? usualComparison(snapshot, all), snapshot, all),
    months: (open && open.period > meant ? [...upTo, open] : upTo).slice(-MONTHS),
    open,
  };
}

async function answerOf(chosen: Chosen, deps: CountsDeps): Promise<OverviewAnswer> {
  const { query, period, snapshot, compared, open } = chosen;
  const [lists, amounts] = await Promise.all([listsOf(chosen, deps), amountsOf(chosen, deps)]);
  const inAll = (of: (list: List) => number) => {
    const numberOf = (name: ListName) => (lists[name] instanceof Failure ? 0 : of(lists[name]));
    const [makers, models] = [numberOf('makers'), numberOf('models')];
    return { makers, models, platforms: numberOf('platforms'), categories: numberOf('categories') };
  };
  return {
    category: query.category,
    period,
    compare: compared?.period ?? null,
    provisional: snapshot?.provisional ?? true,
    snapshotAt: takenAt(snapshot),
    threshold: deps.threshold,
    open: open ? { period: open.period, sites: amounts(open).all.sites } : null,
    total: amounts(snapshot),
    before: compared ? amounts(compared) : null,
    months: chosen.months.map((month) => ({
      period: month.period,
      provisional: month.provisional,
      ...amounts(month),
    })),
    makers: rowsOf(lists.makers, query.top),
    models: rowsOf(lists.models, query.top),
    platforms: rowsOf(lists.platforms, query.top),
    categories: rowsOf(lists.categories, CATEGORIES.length),
    rising: moved(lists, query.top, 'up'),
    fading: moved(lists, query.top, 'down'),
    rowsInAll: inAll(({ rows }) => rows.cells.length),
    suppressed: inAll(({ suppressed }) => suppressed),
    problems: problemsOf(lists),
  };
}

async function listsOf(chosen: Chosen, deps: CountsDeps): Promise<Lists> {
  const { category } = chosen.query;
  const [makers, models, platforms, categories] = await Promise.all([
    listOf('vendor', { category }, chosen, deps),
    listOf('model', { category }, chosen, deps),
    listOf('platform', {}, chosen, deps),
    listOf('category', {}, chosen, deps),
  ]);
  return { makers, models, platforms, categories };
}

const NO_ROWS: Omit<List, 'view'> = {
  rows: {
    cells: [],
    changeOf: () => null,
    row: () => {
      throw new RangeError('no cell is shown');
    },
  },
  suppressed: 0,
};

/** A part that fails leaves the others alone; a defect does not. */
async function listOf(view: View, filter: CellFilter, chosen: Chosen, deps: CountsDeps): Promise<List | Failure> {
  const { period, snapshot, compared, months } = chosen;
  if (!snapshot) return { view, ...NO_ROWS };
  const trend = within(months, monthsUpTo(period, MONTHS), period);
  try {
    const [rows, suppressed] = await Promise.all([
      shownRows({ view, filter, snapshot, compared, months: trend }, deps),
      deps.store.heldBack({ snapshot, view, filter }),
    ]);
    return { view, rows, suppressed };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function rowsOf(list: List | Failure, top: number): Row[] | null {
  return list instanceof Failure ? null : list.rows.cells.slice(0, top).map((cell) => list.rows.row(cell));
}

/** Models of the category and platforms that changed clearly, the greatest change of share first. */
function moved({ models, platforms }: Lists, top: number, direction: 'up' | 'down'): Moved[] | null {
  if (models instanceof Failure || platforms instanceof Failure) return null;
  const sign = direction === 'up' ? 1 : -1;
  return [models, platforms]
    .flatMap((list) => list.rows.cells.map((cell) => ({ list, cell, points: sign * clearPoints(list.rows, cell) })))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, top)
    .map(({ list, cell }) => ({ ...list.rows.row(cell), view: list.view }));
}

/** 0 for a change that is not clear. */
function clearPoints(rows: Rows, cell: PeriodCell): number {
  const change = rows.changeOf(cell);
  return change?.clear ? (change.sitesShare ?? 0) : 0;
}

function problemsOf(lists: Lists): OverviewAnswer['problems'] {
  const { makers, models, platforms, categories } = lists;
  const parts: [PartName, List | Failure][] = [
    ...Object.entries({ makers, models, platforms, categories }).map((entry) => entry as [ListName, List | Failure]),
    ...(['rising', 'fading'] as const).map((part): [PartName, List | Failure] => [
      part,
      models instanceof Failure ? models : platforms,
    ]),
  ];
  return parts.flatMap(([part, list]) => (list instanceof Failure ? [{ part, type: list.code }] : []));
}

type Amounts = { readonly all: Amount; readonly category: Amount };

/** Sites and devices of all and of the category, month by month. */
async function amountsOf(
  { query: { category }, months, snapshot, compared }: Chosen,
  { store, threshold }: CountsDeps,
): Promise<(month: Snapshot | undefined) => Amounts> {
  const given = [...months, snapshot, compared].filter((one) => one !== undefined);
  const snapshots = [...new Map(given.map((one) => [one.period, one])).values()];
  const [all, ofCategory] = await Promise.all([
    store.cells({ snapshots, view: 'site', filter: {}, threshold }),
    store.cells({ snapshots, view: 'category', filter: { category }, threshold }),
  ]);
  const amount = (cells: readonly PeriodCell[], month: Snapshot | undefined): Amount => {
    const { sites = null, devices = null } = cells.find(({ period }) => period === month?.period) ?? {};
    return { sites, devices };
  };
  return (month) => ({ all: amount(all, month), category: amount(ofCategory, month) });
}
