import * as z from 'zod';
import type { VendorAnswer } from '../../../schemas/answers/vendor.ts';
import type { Catalog } from '../../../schemas/catalog.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES, type Category } from '../../../schemas/report.ts';
import { nameKey } from '../../core/mapping.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, paging, wholeNumber } from '../../http/query-parts.ts';
import type { EndOfLife } from '../../identify/ends-of-life.ts';
import type { CellFilter } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf } from './cell-filter.ts';
import { comparedWith } from './comparison.ts';
import { sortOf } from './counts-query.ts';
import { lineageIn } from './lineage.ts';
import { byName, compareNames, nameOf } from './month-cells.ts';
import { permalink, type Reading } from './reading.ts';
import { shownRows } from './rows.ts';
import { numbersOf, POINT_COLUMNS, pointsOf, totalsOf } from './series.ts';
import { type CountsDeps, chosenPeriod, monthsUpTo, ofOneMoment, takenAt, within } from './snapshots.ts';

/** A vendor of phones and a vendor of network cards of the same name need not be one: the category is said, or `all`. */
export const VendorQuery = z.strictObject({
  category: z.enum([...CATEGORIES, 'all']),
  period: Period.optional(),
  months: wholeNumber(1, 60, 12),
  /** Its models and those of the brands that it owns. */
  lineage: z.enum(['true', 'false']).default('false'),
  compare: Period.optional(),
  sort: z.enum(['sites', '-sites', 'devices', '-devices', 'name', '-name']).default('-sites'),
  ...paging,
});
export type VendorQuery = z.infer<typeof VendorQuery>;

export interface VendorDeps extends NamesDeps {
  readonly catalog: Pick<Catalog, 'vendors'>;
  /** Of models, by {@link nameKey}. */
  readonly ends: ReadonlyMap<string, EndOfLife>;
}

export const VendorParams = z.strictObject({ vendor: name });

type Content = Pick<VendorAnswer, 'suppressed' | 'categories' | 'models' | 'next'>;
const NOTHING: Content = { suppressed: { cells: 0 }, categories: [], models: [], next: null };

interface Question {
  readonly vendor: string;
  readonly query: VendorQuery;
  readonly filter: CellFilter;
  readonly compared: Snapshot | undefined;
}

/** A vendor's models with their shares, and how each went over the months before. Empty for a vendor that is not shown. */
export async function vendorPage(named: string, query: VendorQuery, given: VendorDeps): Promise<Reading<VendorAnswer>> {
  const deps = ofOneMoment(given);
  const { vendor } = await knownNames({ vendor: named }, deps);
  const { period, snapshot, all } = await chosenPeriod(query.period, deps);
  const months = within(all, monthsUpTo(period, query.months), period);
  const filter = filterOf({ vendor, category: query.category === 'all' ? undefined : query.category });
  const compared = comparedWith(query.compare, snapshot, all);
  const question = { vendor, query, filter, compared };
  const used = new Set([...months, ...(compared ? [compared] : [])]);
  return {
    snapshots: [...used],
    path: permalink(`/v1/vendors/${encodeURIComponent(vendor)}`, {}),
    parameters: { ...query, period, lineage: query.lineage === 'true' ? 'true' : undefined },
    answer: async () => ({
      vendor,
      period,
      snapshotAt: takenAt(snapshot),
      provisional: snapshot?.provisional ?? true,
      threshold: deps.threshold,
      ...(snapshot ? await contentOf(question, snapshot, months, deps) : NOTHING),
      ...(isTold(query) ? await familyOf(question, snapshot, months, deps) : {}),
    }),
    next: (answer) => answer.next,
  };
}

/** Whether models are told with whose brand they are of and what changed. */
function isTold({ lineage, compare }: VendorQuery): boolean {
  return lineage === 'true' || compare !== undefined;
}

type Family = Partial<VendorAnswer>;

/** The models of it and, with `lineage`, of the brands that it owns, as one list. */
async function familyOf(
  { vendor, query, filter, compared }: Question,
  snapshot: Snapshot | undefined,
  months: readonly Snapshot[],
  deps: VendorDeps,
): Promise<Family> {
  const lineage = lineageIn(deps.catalog);
  const brands = query.lineage === 'true' ? lineage.brandsOf(vendor) : [];
  const said = { compare: compared?.period ?? null, owner: lineage.ownerOf(vendor), brands };
  if (!snapshot) return { ...said, rowsInAll: 0 };
  const [own, ...others] = await Promise.all(
    [vendor, ...brands].map((brand) =>
      brandOf(brand, { ...filter, vendor: brand }, snapshot, { compared, months }, deps),
    ),
  );
  // What could be of a brand that is not shown could be of any other too: only those of shown brands are counted.
  const held = others
    .filter(({ shown }) => shown)
    .reduce((sum, { suppressed }) => sum + suppressed, own?.suppressed ?? 0);
  const models = [...(own?.models ?? []), ...others.flatMap((one) => one.models)].sort(orderOf(query.sort));
  const end = query.offset + query.limit;
  return {
    ...said,
    suppressed: { cells: held },
    models: models.slice(query.offset, end),
    rowsInAll: models.length,
    next: models.length > end ? end : null,
  };
}

async function brandOf(
  brand: string,
  filter: CellFilter,
  snapshot: Snapshot,
  against: { readonly compared: Snapshot | undefined; readonly months: readonly Snapshot[] },
  deps: VendorDeps,
) {
  const { store, threshold, ends } = deps;
  const [{ cells, row }, vendors, suppressed] = await Promise.all([
    shownRows({ view: 'model', filter, snapshot, ...against }, deps),
    store.cells({ snapshots: [snapshot], view: 'vendor', filter, threshold }),
    store.heldBack({ snapshot, view: 'model', filter }),
  ]);
  const models = cells.map((cell) => {
    const { vendor: _vendor, platform: _platform, rank: _rank, rankBefore: _rankBefore, ...said } = row(cell);
    const { category, model } = cell;
    const sold = ends.get(nameKey({ category: category as Category, vendor: brand, model }))?.sold ?? null;
    return { ...said, category: category as string, model, brand, sold };
  });
  return { models, shown: vendors.length > 0, suppressed };
}

/** Equals by name, as in the list of one vendor. */
function orderOf(
  sort: VendorQuery['sort'],
): (a: VendorAnswer['models'][number], b: VendorAnswer['models'][number]) => number {
  const { by, descending } = sortOf(sort);
  const name = ({ category, brand = '', model }: VendorAnswer['models'][number]) => [category, brand, model];
  const sign = descending ? -1 : 1;
  return (a, b) =>
    by === 'name'
      ? sign * compareNames(name(a), name(b))
      : sign * ((a[by] ?? 0) - (b[by] ?? 0)) || compareNames(name(a), name(b));
}

async function contentOf(
  { query, filter }: Question,
  snapshot: Snapshot,
  months: readonly Snapshot[],
  deps: CountsDeps,
): Promise<Content> {
  const { store, threshold } = deps;
  const { limit, offset } = query;
  const { period } = snapshot;
  const [page, history, vendors, totals] = await Promise.all([
    store.counts({ snapshot, view: 'model', filter, threshold, sort: sortOf(query.sort), limit, offset }),
    store.months({ snapshots: months, view: 'model', threshold }),
    store.cells({ snapshots: [snapshot], view: 'vendor', filter, threshold }),
    totalsOf('model', filter, months, deps),
  ]);
  const models = byName(history, filter);
  return {
    suppressed: { cells: page.suppressedCells },
    categories: vendors.map((cell) => ({ category: cell.category, ...numbersOf('vendor', period, cell, totals) })),
    models: page.rows.map((row) => ({
      category: row.category,
      model: row.model,
      ...numbersOf('model', period, row, totals),
      trend: pointsOf(months, 'model', models.get(nameOf('model', row)) ?? [], totals),
    })),
    next: page.more ? offset + limit : null,
  };
}

/** A row for each model and month; with `lineage`, each with its brand. */
export function vendorTable({ vendor, threshold, brands, models }: VendorAnswer): Table {
  const ofBrand = brands === undefined ? {} : { brand: 'text' as const };
  return tableOf(
    { vendor: 'text', category: 'text', model: 'text', ...POINT_COLUMNS, threshold: 'whole', ...ofBrand },
    models.flatMap(({ category, brand, model, trend }) =>
      trend.map((point) => ({ vendor, category, model, ...point, threshold, brand })),
    ),
  );
}
