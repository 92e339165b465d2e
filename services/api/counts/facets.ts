import * as z from 'zod';
import type { FacetsAnswer } from '../../../schemas/answers/facets.ts';
import type { Catalog } from '../../../schemas/catalog.ts';
import { VIEWS } from '../../../schemas/fact.ts';
import { Period } from '../../../schemas/period.ts';
import { periodAt } from '../../core/period.ts';
import { stacksOf } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { newestFinal } from './comparison.ts';
import { lineageIn } from './lineage.ts';
import { type PeriodsDeps, periods } from './periods.ts';
import type { Reading } from './reading.ts';
import { monthsUpTo, newestCounted, within } from './snapshots.ts';

export interface FacetsDeps extends PeriodsDeps {
  readonly catalog: Pick<Catalog, 'vendors'>;
}

export const FacetsQuery = z.strictObject({ period: Period.optional() });
export type FacetsQuery = z.infer<typeof FacetsQuery>;

const A_YEAR = 12;

/** What can be asked for, so that no page keeps a list of its own. Of the newest final month unless one is named. */
export async function facets(query: FacetsQuery, deps: FacetsDeps): Promise<Reading<FacetsAnswer>> {
  const listed = await periods(deps, true);
  const all = listed.snapshots;
  const newest = newestFinal(all) ?? newestCounted(all, deps.clock);
  const counted = (await listed.answer()).periods.filter(({ snapshotAt }) => snapshotAt !== null);
  const period = query.period ?? newest?.period ?? periodAt(deps.clock.now());
  const snapshot = all.find((one) => one.period === period);
  return {
    snapshots: all,
    path: '/v1/facets',
    parameters: { period },
    basis: listed.basis ?? '',
    answer: async () => ({
      period,
      views: VIEWS.map((view) => ({
        view,
        filters: [...VIEW_TABLE[view].filters.filter((column) => column !== 'model'), 'q' as const],
        sorts: [...VIEW_TABLE[view].sorts],
        stacks: [...stacksOf(view)],
      })),
      ...(await namesIn(period, snapshot, all, deps)),
      periods: counted.map(({ state, sites, snapshotAt, ...one }) => ({
        period: one.period,
        state,
        provisional: all.find((each) => each.period === one.period)?.provisional ?? true,
        sites,
        snapshotAt,
      })),
    }),
  };
}

async function namesIn(
  period: Period,
  snapshot: Snapshot | undefined,
  all: readonly Snapshot[],
  { store, threshold, catalog }: FacetsDeps,
): Promise<Pick<FacetsAnswer, 'categories' | 'vendors' | 'platforms'>> {
  const snapshots = snapshot ? [snapshot] : [];
  const year = within(all, monthsUpTo(period, A_YEAR), period);
  const [categories, platforms, makers] = await Promise.all([
    store.cells({ snapshots, view: 'category', filter: {}, threshold }),
    store.cells({ snapshots, view: 'platform', filter: {}, threshold }),
    store.cells({ snapshots: year, view: 'vendor', filter: {}, threshold }),
  ]);
  return {
    categories: bySites(categories).map(({ category, sites }) => ({ category, sites })),
    platforms: bySites(platforms).map(({ platform, sites }) => ({ platform, sites })),
    vendors: vendorsIn(period, makers, catalog),
  };
}

/** The store sorts by name, and this sort is stable. */
function bySites(cells: readonly PeriodCell[]): PeriodCell[] {
  return cells.toSorted((a, b) => b.sites - a.sites);
}

/** Shown in the period; most devices in the year that ends with it first. A vendor of '' is that of no known maker. */
function vendorsIn(period: Period, year: readonly PeriodCell[], catalog: FacetsDeps['catalog']) {
  const devices = new Map<string, number>();
  const categories = new Map<string, string[]>();
  for (const cell of year) {
    devices.set(cell.vendor, (devices.get(cell.vendor) ?? 0) + cell.devices);
    if (cell.period === period)
      categories.set(cell.vendor, [...(categories.get(cell.vendor) ?? []), cell.category as string]);
  }
  const lineage = lineageIn(catalog);
  return [...categories]
    .filter(([vendor]) => vendor !== '')
    .sort(([a], [b]) => (devices.get(b) ?? 0) - (devices.get(a) ?? 0) || (a < b ? -1 : 1))
    .map(([vendor, made]) => ({
      vendor,
      owner: lineage.ownerOf(vendor),
      brands: lineage.brandsOf(vendor),
      categories: made,
    }));
}
