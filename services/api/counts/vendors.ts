import * as z from 'zod';
import type { VendorAnswer } from '../../../schemas/answers/vendor.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, paging, wholeNumber } from '../../http/query-parts.ts';
import type { CellFilter, PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf } from './cell-filter.ts';
import { sortOf } from './counts-query.ts';
import { permalink, type Reading } from './reading.ts';
import { POINT_COLUMNS, pointsOf, type Totals, totalsOf } from './series.ts';
import { shareOf } from './shares.ts';
import { type CountsDeps, chosenPeriod, monthsUpTo, takenAt, within } from './snapshots.ts';

/** A vendor of phones and a vendor of network cards of the same name need not be one: the category is said, or `all`. */
export const VendorQuery = z.strictObject({
  category: z.enum([...CATEGORIES, 'all']),
  period: Period.optional(),
  months: wholeNumber(1, 60, 12),
  sort: z.enum(['sites', '-sites', 'devices', '-devices', 'name', '-name']).default('-sites'),
  ...paging,
});
export type VendorQuery = z.infer<typeof VendorQuery>;

export const VendorParams = z.strictObject({ vendor: name });

type Content = Pick<VendorAnswer, 'suppressed' | 'categories' | 'models' | 'next'>;
const NOTHING: Content = { suppressed: { cells: 0 }, categories: [], models: [], next: null };

interface Question {
  readonly vendor: string;
  readonly query: VendorQuery;
  readonly filter: CellFilter;
}

/** A vendor's models with their shares, and how each went over the months before. Empty for a vendor that is not shown. */
export async function vendorPage(named: string, query: VendorQuery, deps: NamesDeps): Promise<Reading<VendorAnswer>> {
  const { vendor } = await knownNames({ vendor: named }, deps);
  const { period, snapshot, all } = await chosenPeriod(query.period, deps);
  const months = within(all, monthsUpTo(period, query.months), period);
  const filter = filterOf({ vendor, category: query.category === 'all' ? undefined : query.category });
  const question = { vendor, query, filter };
  return {
    snapshots: months,
    path: permalink(`/v1/vendors/${encodeURIComponent(vendor)}`, {}),
    parameters: { ...query, period },
    answer: async () => ({
      vendor,
      period,
      snapshotAt: takenAt(snapshot),
      provisional: snapshot?.provisional ?? true,
      threshold: deps.threshold,
      ...(snapshot ? await contentOf(question, snapshot, months, deps) : NOTHING),
    }),
    next: (answer) => answer.next,
  };
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
    store.cells({ snapshots: months, view: 'model', filter, threshold }),
    store.cells({ snapshots: [snapshot], view: 'vendor', filter, threshold }),
    totalsOf('model', filter, months, deps),
  ]);
  const byModel = groupBy(history, (cell) => `${cell.category}\n${cell.model}`);
  return {
    suppressed: { cells: page.suppressedCells },
    categories: vendors.map((cell) => ({ category: cell.category, ...numbersOf(cell, period, totals) })),
    models: page.rows.map((row) => ({
      category: row.category,
      model: row.model,
      ...numbersOf(row, period, totals),
      trend: pointsOf(months, 'model', byModel.get(`${row.category}\n${row.model}`) ?? [], totals),
    })),
    next: page.more ? offset + limit : null,
  };
}

function numbersOf({ category, sites, devices }: Omit<PeriodCell, 'period'>, period: Period, totals: Totals) {
  const total = totals(period, { category });
  return { sites, devices, sitesShare: shareOf(sites, total.sites), devicesShare: shareOf(devices, total.devices) };
}

function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}

/** A row for each model and month. */
export function vendorTable({ vendor, threshold, models }: VendorAnswer): Table {
  return tableOf(
    { vendor: 'text', category: 'text', model: 'text', ...POINT_COLUMNS, threshold: 'whole' },
    models.flatMap(({ category, model, trend }) =>
      trend.map((point) => ({ vendor, category, model, ...point, threshold })),
    ),
  );
}
