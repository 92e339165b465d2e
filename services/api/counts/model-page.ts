import * as z from 'zod';
import type { ModelAnswer } from '../../../schemas/answers/model.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { nameKey } from '../../core/mapping.ts';
import { periodAt } from '../../core/period.ts';
import { LISTED_VIEW } from '../../core/view-rules.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, wholeNumber } from '../../http/query-parts.ts';
import type { EndOfLife } from '../../identify/ends-of-life.ts';
import type { Agreements } from '../../ports/agreements.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Releases } from '../../ports/releases.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { comparedWith, newestFinal, usualComparison } from './comparison.ts';
import { permalink, type Reading } from './reading.ts';
import { type Rows, shownRows } from './rows.ts';
import { POINT_COLUMNS, pointsOf, type Totals, totalsOf } from './series.ts';
import { monthsUpTo, newestCounted, takenAt, within } from './snapshots.ts';

export interface ModelDeps extends NamesDeps {
  readonly releases: Agreements & Releases;
  /** Of models, by {@link nameKey}. */
  readonly ends: ReadonlyMap<string, EndOfLife>;
}

export const ModelParams = z.strictObject({ category: z.enum(CATEGORIES), vendor: name, model: name });
type ModelParams = z.infer<typeof ModelParams>;

export const ModelQuery = z.strictObject({
  period: Period.optional(),
  compare: Period.optional(),
  months: wholeNumber(1, 60, 12),
});
export type ModelQuery = z.infer<typeof ModelQuery>;

/** Of either form of release.json what is told. */
const Released = z.object({
  cells: z.array(
    z.object({
      ...{ category: z.string(), vendor: z.string(), model: z.string() },
      ...{ sites: z.int(), sitesMargin: z.number(), phones: z.int().nullable(), phonesMargin: z.number().nullable() },
    }),
  ),
});

const SIBLINGS = 10;

interface Asked {
  readonly named: ModelParams;
  readonly period: Period;
  readonly snapshot: Snapshot | undefined;
  readonly compared: Snapshot | undefined;
  readonly months: readonly Snapshot[];
}

/** One model: its numbers, its place among its category's, its maker's others. Of one that is not shown, nulls. */
export async function modelPage(asked: ModelParams, query: ModelQuery, deps: ModelDeps): Promise<Reading<ModelAnswer>> {
  const named = await knownNames(asked, deps, LISTED_VIEW);
  const all = await deps.store.snapshots();
  const newest = newestCounted(all, deps.clock)?.period ?? periodAt(deps.clock.now());
  const period = query.period ?? newestFinal(all)?.period ?? newest;
  const snapshot = all.find((one) => one.period === period);
  const compared = comparedWith(query.compare ?? usualComparison(snapshot, all), snapshot, all);
  const months = within(all, monthsUpTo(newest, query.months), newest);
  const released = await releasedTo(named, period, deps);
  const used = new Set([...months, ...(snapshot ? [snapshot] : []), ...(compared ? [compared] : [])]);
  return {
    snapshots: [...used],
    path: permalink(`/v1/models/${[named.category, named.vendor, named.model].map(encodeURIComponent).join('/')}`, {}),
    parameters: { ...query, period, compare: compared?.period },
    basis: JSON.stringify(released),
    answer: async () => ({
      ...named,
      period,
      compare: compared?.period ?? null,
      provisional: snapshot?.provisional ?? true,
      snapshotAt: takenAt(snapshot),
      threshold: deps.threshold,
      ...(await contentOf({ named, period, snapshot, compared, months }, deps)),
      released,
      endOfLife: deps.ends.get(nameKey(named)) ?? null,
      catalogue: snapshot?.catalogue || null,
    }),
  };
}

type Content = Omit<
  ModelAnswer,
  | keyof ModelParams
  | 'period'
  | 'compare'
  | 'provisional'
  | 'snapshotAt'
  | 'threshold'
  | 'released'
  | 'endOfLife'
  | 'catalogue'
>;

async function contentOf({ named, period, snapshot, compared, months }: Asked, deps: ModelDeps): Promise<Content> {
  const { category, vendor } = named;
  const { store, threshold } = deps;
  const ends = [snapshot, compared].filter((one) => one !== undefined);
  const trend = await trendOf(named, months, deps);
  const totals = await totalsOf(LISTED_VIEW, { category }, ends, deps);
  const total = (month: Period) => totals(month, { category });
  const said = { trend, total: total(period), before: compared ? total(compared.period) : null };
  if (!snapshot) return { ...said, row: null, place: null, siblings: [], siblingsInAll: 0, suppressed: { cells: 0 } };
  const [rows, held] = await Promise.all([
    shownRows(
      {
        view: LISTED_VIEW,
        filter: { category },
        snapshot,
        compared,
        months: within(months, monthsUpTo(period, months.length), period),
      },
      deps,
    ),
    store.counts({
      snapshot,
      view: LISTED_VIEW,
      filter: { category, vendor },
      threshold,
      sort: { by: 'sites', descending: true },
      limit: 1,
      offset: 0,
    }),
  ]);
  return { ...said, ...placed(named, rows), suppressed: { cells: held.suppressedCells } };
}

function placed({ vendor, model }: ModelParams, { cells, row }: Rows) {
  const own = cells.find((cell) => cell.vendor === vendor && cell.model === model);
  const found = own ? row(own) : null;
  const siblings = cells.filter((cell) => cell.vendor === vendor);
  return {
    row: found,
    place: found ? { rank: found.rank, of: cells.length, before: found.rankBefore } : null,
    siblings: siblings.slice(0, SIBLINGS).map(row),
    siblingsInAll: siblings.length,
  };
}

async function trendOf(named: ModelParams, months: readonly Snapshot[], deps: ModelDeps) {
  const { category } = named;
  const [cells, totals]: [PeriodCell[], Totals] = await Promise.all([
    deps.store.cells({ snapshots: months, view: LISTED_VIEW, filter: named, threshold: deps.threshold }),
    totalsOf(LISTED_VIEW, { category }, months, deps),
  ]);
  return pointsOf(months, LISTED_VIEW, cells, totals);
}

/** What the maker's own party was told of it in the newest release of the period. */
async function releasedTo(
  { category, vendor, model }: ModelParams,
  period: Period,
  { releases }: ModelDeps,
): Promise<ModelAnswer['released']> {
  const parties = (await releases.agreements()).filter(({ vendors }) => vendors.includes(vendor));
  const given = (await releases.releases()).filter((one) => one.period === period);
  const newest = given.findLast(({ party }) => parties.some((one) => one.party === party));
  if (!newest) return null;
  const text = await releases.releaseFile(period, newest.party, newest.revision, 'release.json');
  const { cells } = Released.parse(JSON.parse(text ?? 'null'));
  const cell = cells.find((one) => one.category === category && one.vendor === vendor && one.model === model);
  if (!cell) return null;
  const { sites, sitesMargin, phones, phonesMargin } = cell;
  return { party: newest.party, sites, sitesMargin, phones, phonesMargin };
}

export function modelTable({ category, vendor, model, trend }: ModelAnswer): Table {
  return tableOf(
    { category: 'text', vendor: 'text', model: 'text', ...POINT_COLUMNS },
    trend.map((point) => ({ category, vendor, model, ...point })),
  );
}
