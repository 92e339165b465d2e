import * as z from 'zod';
import type { MoversAnswer, MoversRow } from '../../../schemas/answers/movers.ts';
import { VIEWS, type View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { isClear, restsOnFew } from '../../core/clear-change.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, periodRange, rangeProblems, refuse, wholeNumber } from '../../http/query-parts.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf, namesOf } from './cell-filter.ts';
import { filterProblems } from './counts-query.ts';
import { byName, compareNames } from './month-cells.ts';
import type { Reading } from './reading.ts';
import { marketTotal, NOT_SHOWN, type Numbers, numbersOf, totalsOf } from './series.ts';
import { changeOf } from './shares.ts';
import { type CountsDeps, chosenPeriod, monthsUpTo, ofOneMoment } from './snapshots.ts';

const SORTS = ['magnitude', '-magnitude', 'change', '-change', 'sites', '-sites', 'name', '-name'] as const;
type Sort = (typeof SORTS)[number];

const Plain = z.strictObject({
  ...periodRange,
  view: z.enum(VIEWS).default('model'),
  category: z.enum(CATEGORIES).optional(),
  vendor: name.optional(),
  direction: z.enum(['up', 'down']).optional(),
  state: z.enum(['both', 'came', 'went']).optional(),
  sort: z.enum(SORTS).default('-magnitude'),
  limit: wholeNumber(1, 1000, 1000),
  offset: wholeNumber(0, 1_000_000, 0),
});
export type MoversQuery = z.infer<typeof Plain>;

export const MoversQuery = Plain.superRefine(
  refuse((query) => [...filterProblems({ ...query, platform: undefined }), ...rangeProblems(query)]),
);

/**
 * What changed from one period to another, by default the newest and the one counted before it. Shares are those of
 * `GET /v1/counts` with the same view and category. Nulls where a cell is not shown in one of the two.
 */
export async function movers(asked: MoversQuery, given: NamesDeps): Promise<Reading<MoversAnswer>> {
  const deps = ofOneMoment(given);
  const query = await knownNames(asked, deps, asked.view);
  const { period: newest, all } = await chosenPeriod(query.to, deps);
  const to = query.from !== undefined && query.from > newest ? query.from : newest;
  const before = all.filter(({ period }) => period < to).at(-1)?.period ?? monthsUpTo(to, 2);
  const from = query.from ?? before;
  const ends = [from, to].map((period) => all.find((snapshot) => snapshot.period === period));
  const snapshots = [...new Set(ends.filter((end) => end !== undefined))];
  const page = { ...query, from, to };
  let more = false;
  return {
    snapshots,
    path: '/v1/movers',
    parameters: page,
    answer: async () => {
      const { rows, ...said } = await changes(query, [from, to], snapshots, deps);
      const wanted = rows.filter((row) => isWanted(row, query)).sort(orderOf(query.view, query.sort));
      more = wanted.length > query.offset + query.limit;
      return {
        from,
        to,
        provisional: ends.some(isUnfinished),
        fromProvisional: isUnfinished(ends[0]),
        toProvisional: isUnfinished(ends[1]),
        threshold: deps.threshold,
        ...said,
        rowsInAll: wanted.length,
        rows: wanted.slice(query.offset, query.offset + query.limit),
      };
    },
    next: () => (more ? query.offset + query.limit : null),
  };
}

function isUnfinished(end: Snapshot | undefined): boolean {
  return end?.provisional ?? true;
}

/** A row that is not shown in both months went in no direction. */
function isWanted({ fromSites, toSites, sitesShareChange }: MoversRow, { direction, state }: MoversQuery): boolean {
  const is = fromSites === null ? 'came' : toSites === null ? 'went' : 'both';
  if (state !== undefined && state !== is) return false;
  if (direction === undefined) return true;
  return direction === 'up' ? (sitesShareChange ?? 0) > 0 : (sitesShareChange ?? 0) < 0;
}

/** In one of the two months: the numbers where it is shown, and what the share of its sites is of. */
type Side = { readonly [K in keyof Numbers]: Numbers[K] | null } & { readonly ofSites: number | null };

async function changes(
  { view, category, vendor }: MoversQuery,
  [from, to]: readonly [Period, Period],
  snapshots: readonly Snapshot[],
  deps: CountsDeps,
): Promise<Pick<MoversAnswer, 'rows' | 'suppressed' | 'total'>> {
  const { store, threshold } = deps;
  const filter = filterOf({ category, vendor });
  const snapshotOf = (period: Period) => snapshots.find((one) => one.period === period);
  const [months, totals, heldFrom, heldTo] = await Promise.all([
    store.months({ snapshots, view, threshold }),
    totalsOf(view, filter, snapshots, deps),
    heldIn(view, filter, snapshotOf(from), deps),
    heldIn(view, filter, snapshotOf(to), deps),
  ]);
  const final = [from, to].every((period) => !isUnfinished(snapshotOf(period)));
  const sideIn = (period: Period, cells: readonly PeriodCell[]): Side => {
    const cell = cells.find((one) => one.period === period);
    if (!cell) return { ...NOT_SHOWN, ofSites: null };
    return { ...numbersOf(view, period, cell, totals), ofSites: totals(period, cell).sites };
  };
  const rows = [...byName(months, filter).values()].map((cells) => {
    const [before, now] = [sideIn(from, cells), sideIn(to, cells)];
    return { ...rowOf(view, cells[0] as PeriodCell, before, now), ...surenessOf(before, now, final) };
  });
  const totalIn = (period: Period) => marketTotal(view, { category, vendor }, period, totals).sites;
  return { rows, suppressed: { from: heldFrom, to: heldTo }, total: { from: totalIn(from), to: totalIn(to) } };
}

/** How many cells of one month are held back. */
async function heldIn(
  view: View,
  filter: CellFilter,
  snapshot: Snapshot | undefined,
  { store }: CountsDeps,
): Promise<number> {
  return snapshot ? store.heldBack({ snapshot, view, filter }) : 0;
}

/** Of a row that is shown in both months, both final: of any other nothing is clear. */
function surenessOf(from: Side, to: Side, final: boolean): Pick<MoversRow, 'clear' | 'few'> {
  if (from.sites === null || to.sites === null) return { clear: false, few: false };
  const both = { from: from.sites, to: to.sites };
  return { clear: final && isClear({ ...both, totalFrom: from.ofSites, totalTo: to.ofSites }), few: restsOnFew(both) };
}

function rowOf(view: View, cell: PeriodCell, from: Side, to: Side): Omit<MoversRow, 'clear' | 'few'> {
  return {
    ...namesOf(view, cell),
    fromSites: from.sites,
    toSites: to.sites,
    sitesShareChange: changeOf(from.sitesShare, to.sitesShare),
    fromDevices: from.devices,
    toDevices: to.devices,
    devicesShareChange: changeOf(from.devicesShare, to.devicesShare),
  };
}

/** Rows without the number that is sorted by come last, in either direction; ties are broken by name. */
function orderOf(view: View, sort: Sort): (a: MoversRow, b: MoversRow) => number {
  const direction = sort.startsWith('-') ? -1 : 1;
  const by = sort.replace('-', '');
  const numberOf = (row: MoversRow) => {
    if (by === 'sites') return row.toSites;
    const change = row.sitesShareChange;
    return by === 'magnitude' && change !== null ? Math.abs(change) : change;
  };
  if (by === 'name') return (a, b) => direction * byNames(view, a, b);
  return (a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byNames(view, a, b);
    return direction * (x - y) || byNames(view, a, b);
  };
}

function byNames(view: View, a: MoversRow, b: MoversRow): number {
  const names = (row: MoversRow) => VIEW_TABLE[view].columns.map((column) => row[column] ?? '');
  return compareNames(names(a), names(b));
}

export function moversTable({ from, to, provisional, threshold, rows }: MoversAnswer): Table {
  return tableOf(
    {
      from: 'text',
      to: 'text',
      platform: 'text',
      category: 'text',
      vendor: 'text',
      model: 'text',
      fromSites: 'whole',
      toSites: 'whole',
      sitesShareChange: 'fraction',
      fromDevices: 'whole',
      toDevices: 'whole',
      devicesShareChange: 'fraction',
      provisional: 'flag',
      threshold: 'whole',
      clear: 'flag',
      few: 'flag',
    },
    rows.map((row) => ({ from, to, ...row, provisional, threshold })),
  );
}
