import * as z from 'zod';
import type { PlatformsAnswer } from '../../../schemas/answers/platforms.ts';
import { Period } from '../../../schemas/period.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, paging } from '../../http/query-parts.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf } from './cell-filter.ts';
import { sortOf } from './counts-query.ts';
import type { Reading } from './reading.ts';
import { shareOf } from './shares.ts';
import { type CountsDeps, chosenPeriod, ofOneMoment, takenAt } from './snapshots.ts';

export const PlatformsQuery = z.strictObject({
  period: Period.optional(),
  vendor: name.optional(),
  sort: z.enum(['sites', '-sites', 'name', '-name']).default('-sites'),
  ...paging,
});
export type PlatformsQuery = z.infer<typeof PlatformsQuery>;

/** Platforms, and within each the vendors of the phones that its sites have. */
export async function platforms(asked: PlatformsQuery, given: NamesDeps): Promise<Reading<PlatformsAnswer>> {
  const deps = ofOneMoment(given);
  const query = await knownNames(asked, deps);
  const { period, snapshot } = await chosenPeriod(query.period, deps);
  return {
    snapshots: snapshot ? [snapshot] : [],
    path: '/v1/platforms',
    parameters: { ...query, period },
    answer: async () => ({
      period,
      snapshotAt: takenAt(snapshot),
      provisional: snapshot?.provisional ?? true,
      threshold: deps.threshold,
      ...(snapshot
        ? await contentOf(query, snapshot, deps)
        : { total: { sites: null }, suppressed: { cells: 0 }, platforms: [], next: null }),
    }),
    next: (answer) => answer.next,
  };
}

async function contentOf(
  { vendor, sort, limit, offset }: PlatformsQuery,
  snapshot: Snapshot,
  { store, threshold }: CountsDeps,
): Promise<Pick<PlatformsAnswer, 'total' | 'suppressed' | 'platforms' | 'next'>> {
  const [page, splits] = await Promise.all([
    store.counts({ snapshot, view: 'platform', filter: {}, threshold, sort: sortOf(sort), limit, offset }),
    store.cells({ snapshots: [snapshot], view: 'platform_vendor', filter: filterOf({ vendor }), threshold }),
  ]);
  return {
    total: { sites: page.totalSites },
    suppressed: { cells: page.suppressedCells },
    platforms: page.rows.map(({ platform, sites }) => ({
      platform,
      sites,
      sitesShare: shareOf(sites, page.totalSites),
      vendors: splits
        .filter((split) => split.platform === platform)
        // The sort is stable: of equals the first by name.
        .sort((a, b) => b.sites - a.sites)
        .map((split) => ({ vendor: split.vendor, sites: split.sites, sitesShare: shareOf(split.sites, sites) })),
    })),
    next: page.more ? offset + limit : null,
  };
}

/** A row for each platform, with no vendor, and one for each vendor on it. */
export function platformsTable({ period, provisional, threshold, platforms }: PlatformsAnswer): Table {
  const said = { provisional, threshold };
  return tableOf(
    {
      period: 'text',
      platform: 'text',
      vendor: 'text',
      sites: 'whole',
      sitesShare: 'fraction',
      provisional: 'flag',
      threshold: 'whole',
    },
    platforms.flatMap(({ platform, sites, sitesShare, vendors }) => [
      { period, platform, sites, sitesShare, ...said },
      ...vendors.map((vendor) => ({ period, platform, ...vendor, ...said })),
    ]),
  );
}
