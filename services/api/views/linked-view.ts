import type { LinkedViewAnswer } from '../../../schemas/answers/views.ts';
import type { Period } from '../../../schemas/period.ts';
import { hasColumn, stacksOf } from '../../core/view-rules.ts';
import { HttpProblem } from '../../http/server.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { chartSeries } from '../counts/chart-series.ts';
import { compare } from '../counts/compare.ts';
import { newestFinal, usualComparison } from '../counts/comparison.ts';
import { counts } from '../counts/counts.ts';
import { type ModelDeps, modelPage } from '../counts/model-page.ts';
import { movers } from '../counts/movers.ts';
import { monthsUpTo } from '../counts/snapshots.ts';
import { trend } from '../counts/trend.ts';
import { type VendorDeps, vendorPage } from '../counts/vendors.ts';
import type { ConsoleView } from './view-address.ts';

export type LinkedViewDeps = ModelDeps & VendorDeps;

/** The page's own: a year and the month before it, as many lines as it draws, and the first page of its list. */
const MONTHS = 13;
const LINES = { stacked: 8, lines: 5 } as const;
const ROWS = 100;

/**
 * The same view with its months written down, so that it shows the same for as long as it is shown: what is newer is
 * another question. Throws 409 when a month is not final, or there is none: numbers that may change are for those with a
 * key.
 */
export async function ofFixedMonths(view: ConsoleView, { store }: Pick<LinkedViewDeps, 'store'>): Promise<ConsoleView> {
  const all = await store.snapshots();
  const final = (named: Period | undefined, otherwise: Period | undefined): Period | undefined => {
    const chosen = named ?? otherwise;
    if (chosen !== undefined && !all.some(({ period, provisional }) => period === chosen && !provisional))
      throw notFinal();
    return chosen;
  };
  const comparison = (period: Period) => usualComparison(all.find((one) => one.period === period) as Snapshot, all);
  const last = (named: Period | undefined): Period => {
    const period = final(named, newestFinal(all)?.period);
    if (period === undefined) throw notFinal();
    return period;
  };
  if (view.page === 'movers') {
    const to = last(view.asked.to);
    const from = final(view.asked.from, comparison(to));
    if (from === undefined || from >= to) throw notFinal();
    return { ...view, asked: { ...view.asked, from, to } };
  }
  const period = last(view.asked.period);
  const fixed = { period, compare: final(view.asked.compare, comparison(period)) };
  return { ...view, asked: { ...view.asked, ...fixed } } as ConsoleView;
}

function notFinal(): HttpProblem {
  const detail = 'A link shows final months, each against an earlier one: choose months that are closed.';
  return new HttpProblem({ status: 409, type: 'month-not-final', detail });
}

type Chart = Pick<LinkedViewAnswer, 'months' | 'series' | 'other'>;
type Content = Chart & Pick<LinkedViewAnswer, 'period' | 'compare' | 'rows'>;
type Row = LinkedViewAnswer['rows'][number];

/** What is shown of a view of fixed months: what its page would show a reader, and of final months alone. */
export async function contentOf(view: ConsoleView, deps: LinkedViewDeps): Promise<Content> {
  if (view.page === 'movers') return moversContent(view.asked, deps);
  const { compare: against } = view.asked;
  const period = view.asked.period as Period;
  const range = { from: monthsUpTo(period, MONTHS), to: period };
  const [chart, rows] = await Promise.all([chartOf(view, range, deps), rowsOf(view, deps)]);
  const compared = against !== undefined && against < period ? against : null;
  return {
    ...(await ofFinalMonths(chart, deps)),
    period,
    compare: compared,
    rows: rows.map((row) => plain(row, compared)),
  };
}

type Paged = Exclude<ConsoleView, { readonly page: 'movers' }>;
interface Range {
  readonly from: Period;
  readonly to: Period;
}

async function chartOf(view: Paged, range: Range, deps: LinkedViewDeps): Promise<Chart> {
  if (view.page === 'model') return oneLine({ view: 'model', ...view.names }, range, deps);
  if (view.page === 'platform') return oneLine({ view: 'platform', ...view.names }, range, deps);
  if (view.page === 'maker') {
    const { category, by } = view.asked;
    const lines = { view: 'model', category, ...view.names, by, top: LINES.lines, ...range } as const;
    return { ...(await severalLines(lines, deps)), other: null };
  }
  const { view: of, by, cell } = view.asked;
  if (cell.length > 1 && (of === 'model' || of === 'vendor' || of === 'platform'))
    return compared({ view: of, cell, ...range }, by, deps);
  const top = stacksOf(of).includes(by) ? LINES.stacked : LINES.lines;
  return severalLines({ ...filtersOf(view.asked), view: of, by, top, ...range }, deps);
}

type Explored = Extract<ConsoleView, { readonly page: 'explore' }>['asked'];

function filtersOf({ view, category, vendor, platform }: Explored) {
  const ofCategory = hasColumn(view, 'category') && view !== 'category' ? { category } : {};
  return {
    ...ofCategory,
    ...(vendor === undefined ? {} : { vendor }),
    ...(platform === undefined ? {} : { platform }),
  };
}

async function severalLines(query: Parameters<typeof chartSeries>[0], deps: LinkedViewDeps): Promise<Chart> {
  const { periods, series, other } = await (await chartSeries(query, deps)).answer();
  const shown = other !== null && other.cells > 0 ? other.points : null;
  return { months: periods.map(({ period }) => period), series, other: shown };
}

async function oneLine(query: Parameters<typeof trend>[0], range: Range, deps: LinkedViewDeps): Promise<Chart> {
  const { cell, points } = await (await trend({ ...query, ...range }, deps)).answer();
  return linesOf([{ ...cell, points }], 'sites');
}

async function compared(
  query: Parameters<typeof compare>[0],
  by: 'sites' | 'devices',
  deps: LinkedViewDeps,
): Promise<Chart> {
  const { cells } = await (await compare(query, deps)).answer();
  return linesOf(cells, by);
}

type Cells = Awaited<ReturnType<Awaited<ReturnType<typeof compare>>['answer']>>['cells'];

function linesOf(cells: Cells, by: 'sites' | 'devices'): Chart {
  return {
    months: cells[0]?.points.map(({ period }) => period) ?? [],
    series: cells.map(({ points, ...names }) => ({
      ...names,
      points: points.map((point) => ({
        value: point[by],
        share: by === 'sites' ? point.sitesShare : point.devicesShare,
      })),
    })),
    other: null,
  };
}

/** A month before may still wait for its close. */
async function ofFinalMonths({ months, series, other }: Chart, { store }: LinkedViewDeps): Promise<Chart> {
  const final = new Set(
    (await store.snapshots()).filter(({ provisional }) => !provisional).map(({ period }) => period),
  );
  const kept = <T>(all: readonly T[]): T[] => all.filter((_, i) => final.has(months[i] as Period));
  return {
    months: kept(months),
    series: series.map((one) => ({ ...one, points: kept(one.points) })),
    other: other && kept(other),
  };
}

/** What any of the lists says of a row. */
type Told = Omit<Row, 'before' | 'change'> & { readonly [K in 'before' | 'change']?: Row[K] | undefined };

async function rowsOf(view: Paged, deps: LinkedViewDeps): Promise<readonly Told[]> {
  const { period, compare: against } = view.asked;
  const months = { period, compare: against };
  if (view.page === 'model') {
    const { row } = await (await modelPage(view.names, { ...months, months: 1 }, deps)).answer();
    return row ? [row] : [];
  }
  const page = { trend: 0, sort: '-sites', limit: ROWS, offset: 0 } as const;
  if (view.page === 'platform') {
    const query = { view: 'platform_vendor', ...view.names, ...months, ...page } as const;
    return (await (await counts(query, deps)).answer()).rows;
  }
  if (view.page === 'maker') {
    const { category } = view.asked;
    const query = { category, lineage: 'true', months: 1, sort: '-sites', ...months, limit: ROWS, offset: 0 } as const;
    const { vendor, models } = await (await vendorPage(view.names.vendor, query, deps)).answer();
    return models.map(({ brand = vendor, ...row }) => ({ ...row, vendor: brand }));
  }
  const { view: of, sort, offset } = view.asked;
  const query = { ...filtersOf(view.asked), view: of, ...months, ...page, sort, offset: Number(offset) };
  return (await (await counts(query, deps)).answer()).rows;
}

function plain(row: Told, compared: Period | null): Row {
  const { platform, category, vendor, model, sites, devices, sitesShare, devicesShare, before, change } = row;
  return {
    ...named({ platform, category, vendor, model }),
    ...{ sites, devices, sitesShare, devicesShare },
    before: (compared && before) || null,
    change: (compared && change) || null,
  };
}

type Names = { readonly [K in 'platform' | 'category' | 'vendor' | 'model']: string | undefined };

function named(names: Names): Pick<Row, keyof Names> {
  return Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));
}

/** Rows that are shown in both months, the greatest change first. */
async function moversContent(
  { view, category, from, to }: Extract<ConsoleView, { readonly page: 'movers' }>['asked'],
  deps: LinkedViewDeps,
): Promise<Content> {
  const query = { view, category, from, to, state: 'both', sort: '-magnitude', limit: ROWS, offset: 0 } as const;
  const answer = await (await movers(query, deps)).answer();
  const rows = answer.rows.map((row): Row => {
    const { platform, vendor, model, fromSites, toSites, fromDevices, toDevices, clear, few } = row;
    const shares = { sitesShare: null, devicesShare: null };
    return {
      ...named({ platform, category: row.category, vendor, model }),
      ...{ sites: toSites ?? 0, devices: toDevices, ...shares },
      before: { sites: fromSites ?? 0, devices: fromDevices, ...shares },
      change: { sitesShare: row.sitesShareChange, devicesShare: row.devicesShareChange, clear, few },
    };
  });
  return { period: answer.to, compare: answer.from, months: [], series: [], other: null, rows };
}
