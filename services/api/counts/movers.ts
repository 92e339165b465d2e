import * as z from 'zod';
import type { MoversAnswer, MoversRow } from '../../../schemas/answers/movers.ts';
import { VIEWS, type View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { hasDevices } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { type ParameterProblem, periodRange, rangeProblems, refuse, wholeNumber } from '../../http/query-parts.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { filterOf, namesOf } from './cell-filter.ts';
import type { Reading } from './reading.ts';
import { type Totals, totalsOf } from './series.ts';
import { changeOf, shareOf } from './shares.ts';
import { type CountsDeps, chosenPeriod, monthsUpTo } from './snapshots.ts';

const SORTS = ['magnitude', '-magnitude', 'change', '-change', 'sites', '-sites', 'name', '-name'] as const;
type Sort = (typeof SORTS)[number];

const Plain = z.strictObject({
  ...periodRange,
  view: z.enum(VIEWS).default('model'),
  category: z.enum(CATEGORIES).optional(),
  sort: z.enum(SORTS).default('-magnitude'),
  limit: wholeNumber(1, 1000, 1000),
  offset: wholeNumber(0, 1_000_000, 0),
});
export type MoversQuery = z.infer<typeof Plain>;

export const MoversQuery = Plain.superRefine(refuse((query) => [...categoryProblems(query), ...rangeProblems(query)]));

function categoryProblems({ view, category }: MoversQuery): ParameterProblem[] {
  const used = VIEW_TABLE[view].filters.includes('category');
  return category !== undefined && !used ? [{ parameter: 'category', reason: 'not-with-this-view' }] : [];
}

/**
 * What changed from one period to another, by default the newest and the one counted before it. Shares are those of
 * `GET /v1/counts` with the same view and category. Nulls where a cell is not shown in one of the two.
 */
export async function movers(query: MoversQuery, deps: CountsDeps): Promise<Reading<MoversAnswer>> {
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
      const rows = (await changes(query, from, to, snapshots, deps)).sort(orderOf(query.view, query.sort));
      more = rows.length > query.offset + query.limit;
      const unfinished = (end: Snapshot | undefined) => end?.provisional ?? true;
      return {
        from,
        to,
        provisional: ends.some(unfinished),
        fromProvisional: unfinished(ends[0]),
        toProvisional: unfinished(ends[1]),
        threshold: deps.threshold,
        rows: rows.slice(query.offset, query.offset + query.limit),
      };
    },
    next: () => (more ? query.offset + query.limit : null),
  };
}

interface Side {
  readonly sites: number | null;
  readonly devices: number | null;
  readonly sitesShare: number | null;
  readonly devicesShare: number | null;
}
const NOT_SHOWN: Side = { sites: null, devices: null, sitesShare: null, devicesShare: null };

async function changes(
  { view, category }: MoversQuery,
  from: Period,
  to: Period,
  snapshots: readonly Snapshot[],
  deps: CountsDeps,
): Promise<MoversRow[]> {
  const { store, threshold } = deps;
  const filter = filterOf({ category });
  const [cells, totals] = await Promise.all([
    store.cells({ snapshots, view, filter, threshold }),
    totalsOf(view, filter, snapshots, deps),
  ]);
  const sides = new Map<string, { cell: PeriodCell; byPeriod: Map<Period, Side> }>();
  const sideOf = sidesOf(view, totals);
  for (const cell of cells) {
    const name = VIEW_TABLE[view].columns.map((column) => cell[column]).join('\n');
    const known = sides.get(name) ?? { cell, byPeriod: new Map<Period, Side>() };
    known.byPeriod.set(cell.period, sideOf(cell));
    sides.set(name, known);
  }
  return [...sides.values()].map(({ cell, byPeriod }) =>
    rowOf(view, cell, byPeriod.get(from) ?? NOT_SHOWN, byPeriod.get(to) ?? NOT_SHOWN),
  );
}

/** Shares of the cell's own market, as in a trend. */
function sidesOf(view: View, totals: Totals): (cell: PeriodCell) => Side {
  return (cell) => {
    const total = totals(cell.period, cell);
    const devices = hasDevices(view) ? cell.devices : null;
    return {
      sites: cell.sites,
      devices,
      sitesShare: shareOf(cell.sites, total.sites),
      devicesShare: shareOf(devices, total.devices),
    };
  };
}

function rowOf(view: View, cell: PeriodCell, from: Side, to: Side): MoversRow {
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
  if (by === 'name') return (a, b) => direction * byName(view, a, b);
  return (a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName(view, a, b);
    return direction * (x - y) || byName(view, a, b);
  };
}

function byName(view: View, a: MoversRow, b: MoversRow): number {
  const names = (row: MoversRow) => VIEW_TABLE[view].columns.map((column) => row[column] ?? '');
  const [x, y] = [names(a), names(b)];
  const compared = compare(x.join('\n').toLowerCase(), y.join('\n').toLowerCase());
  return compared || compare(x.join('\n'), y.join('\n'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
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
    },
    rows.map((row) => ({ from, to, ...row, provisional, threshold })),
  );
}
