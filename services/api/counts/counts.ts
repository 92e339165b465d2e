import type { CountsAnswer, CountsRow } from '../../../schemas/answers/counts.ts';
import type { CubeRow } from '../../../schemas/cube.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { hasDevices } from '../../core/view-rules.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import type { CountPage } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf, namesOf } from './cell-filter.ts';
import { type CountsQuery, sortOf } from './counts-query.ts';
import { noteOf } from './notes.ts';
import type { Reading } from './reading.ts';
import { type Total, type Totals, totalsOf } from './series.ts';
import { shareOf } from './shares.ts';
import { type CountsDeps, chosenPeriod, takenAt } from './snapshots.ts';

/** One page of counts, of the newest period that was counted unless one is named. Without a snapshot it is empty. */
export async function counts(asked: CountsQuery, deps: NamesDeps): Promise<Reading<CountsAnswer>> {
  const query = await knownNames(asked, deps, asked.view);
  const { period, snapshot } = await chosenPeriod(query.period, deps);
  return {
    snapshots: snapshot ? [snapshot] : [],
    path: '/v1/counts',
    parameters: { ...query, period },
    answer: async () => (snapshot ? page(query, snapshot, deps) : emptyAnswer(query, period, deps.threshold)),
    next: (answer) => answer.next,
  };
}

async function page(query: CountsQuery, snapshot: Snapshot, deps: CountsDeps): Promise<CountsAnswer> {
  const { store, threshold } = deps;
  const { view, category, vendor, platform, q, limit, offset } = query;
  const filter = filterOf({ category, vendor, platform, q });
  const [found, totals] = await Promise.all([
    store.counts({ snapshot, view, filter, threshold, sort: sortOf(query.sort), limit, offset }),
    totalsOf(view, filterOf({ category, vendor, platform }), [snapshot], deps),
  ]);
  return answerOf(query, snapshot, { found, totals }, threshold);
}

interface Found {
  readonly found: CountPage;
  readonly totals: Totals;
}

function answerOf(query: CountsQuery, snapshot: Snapshot, { found, totals }: Found, threshold: number): CountsAnswer {
  const devices = query.platform === undefined ? found.totalDevices : null;
  return {
    period: snapshot.period,
    view: query.view,
    snapshotAt: takenAt(snapshot),
    provisional: snapshot.provisional,
    threshold,
    total: { sites: found.totalSites, devices },
    suppressed: { cells: found.suppressedCells },
    rows: found.rows.map((row) => rowOf(row, query.view, totals(snapshot.period, row))),
    next: found.more ? query.offset + query.limit : null,
    ...noteOf(query.view),
  };
}

/** The columns of the view only. Shares are of the row's own market, as in a trend. */
function rowOf(row: CubeRow, view: View, total: Total): CountsRow {
  const devices = hasDevices(view) ? row.devices : null;
  return {
    ...namesOf(view, row),
    sites: row.sites,
    devices,
    sitesShare: shareOf(row.sites, total.sites),
    devicesShare: shareOf(devices, total.devices),
  };
}

function emptyAnswer(query: CountsQuery, period: Period, threshold: number): CountsAnswer {
  return {
    period,
    view: query.view,
    snapshotAt: null,
    provisional: true,
    threshold,
    total: { sites: null, devices: null },
    suppressed: { cells: 0 },
    rows: [],
    next: null,
    ...noteOf(query.view),
  };
}

export function countsTable({ period, provisional, threshold, rows }: CountsAnswer): Table {
  return tableOf(
    {
      period: 'text',
      platform: 'text',
      category: 'text',
      vendor: 'text',
      model: 'text',
      sites: 'whole',
      devices: 'whole',
      sitesShare: 'fraction',
      devicesShare: 'fraction',
      provisional: 'flag',
      threshold: 'whole',
    },
    rows.map((row) => ({ period, ...row, provisional, threshold })),
  );
}
