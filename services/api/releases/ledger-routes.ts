import * as z from 'zod';
import { LedgerAnswer } from '../../../schemas/answers/ledger.ts';
import { addMonths } from '../../core/period.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { paging } from '../../http/query-parts.ts';
import { type Route, route } from '../../http/route.ts';
import type { DeliveryRecord } from '../../ports/deliveries.ts';
import type { ReleaseEntry } from '../../ports/releases.ts';
import { type ReleaseRoutesDeps, STAFF, timeOf } from './release-deps.ts';

/** What releases cost, and who received what when: public within the organisation. */
export function ledgerRoutes(deps: ReleaseRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/ledger',
      summary: 'What each release can reveal about a site, and who received it when; oldest month first',
      description:
        'Without noise `rho`, `epsilon` and `delta` are null: what the release reveals has no bound. As rows, a release ' +
        'that nothing was recorded of has one row, as has a month without releases.',
      allow: STAFF,
      query: z.strictObject(paging),
      example: {},
      answer: LedgerAnswer,
      formats: ['csv', 'parquet'],
      table: ledgerTable,
      handle: ({ query }) => ledger(query, deps),
    }),
  ];
}

async function ledger(
  { limit, offset }: { readonly limit: number; readonly offset: number },
  { releases, spentTogether }: ReleaseRoutesDeps,
): Promise<LedgerAnswer> {
  const [entries, released, records] = await Promise.all([
    releases.ledger(),
    releases.releases(),
    releases.deliveries(),
  ]);
  const newest = entries.at(-1)?.period;
  const ofYear = entries.filter(({ period }) => newest !== undefined && period > addMonths(newest, -12));
  return {
    total: entries.length,
    lastYear: spentTogether(ofYear),
    entries: entries.slice(offset, offset + limit).map(({ at, ...entry }) => ({
      ...entry,
      at: timeOf(at),
      releases: released
        .filter(({ period }) => period === entry.period)
        .map((one) => ({ party: one.party, revision: one.revision, deliveries: deliveriesOf(one, records) })),
    })),
  };
}

function deliveriesOf({ period, party, revision }: ReleaseEntry, records: readonly DeliveryRecord[]) {
  return records
    .filter((one) => one.period === period && one.party === party && one.revision === revision)
    .map(({ event, at, way, outcome }) => ({ event, at: timeOf(at), way, outcome }));
}

/** One row for each delivery. */
function ledgerTable({ entries }: LedgerAnswer): Table {
  const rows = entries.flatMap(({ releases, ...entry }) =>
    orOne(releases).flatMap((release) =>
      orOne(release?.deliveries ?? []).map((delivery) => ({
        ...entry,
        party: release?.party,
        revision: release?.revision,
        event: delivery?.event,
        eventAt: delivery?.at,
        way: delivery?.way,
        outcome: delivery?.outcome,
      })),
    ),
  );
  return tableOf(
    {
      period: 'text',
      at: 'text',
      profile: 'text',
      rho: 'fraction',
      epsilon: 'fraction',
      delta: 'fraction',
      party: 'text',
      revision: 'whole',
      event: 'text',
      eventAt: 'text',
      way: 'text',
      outcome: 'text',
    },
    rows,
  );
}

/** The list, or one that is nothing: a row all the same. */
function orOne<T>(list: readonly T[]): readonly (T | undefined)[] {
  return list.length === 0 ? [undefined] : list;
}
