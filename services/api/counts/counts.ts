import type { CountsAnswer } from '../../../schemas/answers/counts.ts';
import type { CubeRow } from '../../../schemas/cube.ts';
import type { Period } from '../../../schemas/period.ts';
import { UNLISTED_VIEW } from '../../core/view-rules.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import type { CountPage } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf, namesOf } from './cell-filter.ts';
import { comparedWith } from './comparison.ts';
import { type CountsQuery, sortOf } from './counts-query.ts';
import { noteOf } from './notes.ts';
import type { Reading } from './reading.ts';
import { type Rows, shownRows } from './rows.ts';
import { numbersOf, type Totals, totalsOf } from './series.ts';
import { type CountsDeps, chosenPeriod, monthsUpTo, ofOneMoment, takenAt, within } from './snapshots.ts';

/** One page of counts, of the newest period that was counted unless one is named. Without a snapshot it is empty. */
export async function counts(asked: CountsQuery, given: NamesDeps): Promise<Reading<CountsAnswer>> {
  const deps = ofOneMoment(given);
  const query = await knownNames(asked, deps, asked.view);
  const { period, snapshot, all } = await chosenPeriod(query.period, deps);
  const against = {
    compared: comparedWith(query.compare, snapshot, all),
    months: query.trend === 0 ? [] : within(all, monthsUpTo(period, query.trend), period),
  };
  const used = [snapshot, against.compared, ...against.months].filter((one) => one !== undefined);
  return {
    snapshots: [...new Set(used)],
    path: '/v1/counts',
    parameters: { ...query, period, trend: query.trend || undefined },
    answer: async () => (snapshot ? page(query, snapshot, against, deps) : emptyAnswer(query, period, deps.threshold)),
    next: (answer) => answer.next,
  };
}

/** The other months that rows are told with. */
interface Against {
  readonly compared: Snapshot | undefined;
  readonly months: readonly Snapshot[];
}

async function page(query: CountsQuery, snapshot: Snapshot, against: Against, deps: CountsDeps): Promise<CountsAnswer> {
  const { store, threshold } = deps;
  const { view, category, vendor, platform, q, limit, offset } = query;
  const filter = filterOf({ category, vendor, platform, q });
  const [found, totals, rows] = await Promise.all([
    store.counts({ snapshot, view, filter, threshold, sort: sortOf(query.sort), limit, offset }),
    totalsOf(view, filterOf({ category, vendor, platform }), [snapshot], deps),
    isTold(query) ? shownRows({ view, filter, snapshot, ...against }, deps) : undefined,
  ]);
  const answer = answerOf(query, snapshot, { found, totals, rows }, threshold);
  return rows ? { ...answer, compare: against.compared?.period ?? null, rowsInAll: rows.cells.length } : answer;
}

/** Whether rows are told with other months: nobody else waits for what they hold. */
function isTold({ compare, trend }: CountsQuery): boolean {
  return compare !== undefined || trend > 0;
}

interface Found {
  readonly found: CountPage;
  readonly totals: Totals;
  readonly rows: Rows | undefined;
}

function answerOf(
  query: CountsQuery,
  snapshot: Snapshot,
  { found, totals, rows }: Found,
  threshold: number,
): CountsAnswer {
  const { period, provisional } = snapshot;
  const untold = query.platform !== undefined || query.view === UNLISTED_VIEW;
  const devices = untold ? null : found.totalDevices;
  const told = (row: CubeRow) =>
    rows?.row({ ...row, period }) ?? { ...namesOf(query.view, row), ...numbersOf(query.view, period, row, totals) };
  return {
    period,
    view: query.view,
    snapshotAt: takenAt(snapshot),
    provisional,
    threshold,
    total: { sites: found.totalSites, devices },
    suppressed: { cells: found.suppressedCells },
    rows: found.rows.map(told),
    next: found.more ? query.offset + query.limit : null,
    ...noteOf(query.view),
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
    ...(isTold(query) ? { compare: null, rowsInAll: 0 } : {}),
    ...noteOf(query.view),
  };
}

/** What changed is in the file when it is in the answer. How rows went over months is another question's file. */
const CHANGED = {
  rank: 'whole',
  compare: 'text',
  beforeSites: 'whole',
  beforeDevices: 'whole',
  sitesShareChange: 'fraction',
  devicesShareChange: 'fraction',
  clear: 'flag',
  few: 'flag',
} as const;

export function countsTable({ period, provisional, threshold, rows, compare }: CountsAnswer): Table {
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
      ...(compare === undefined ? {} : CHANGED),
    },
    rows.map(({ before, change, trend: _trend, rankBefore: _rankBefore, ...row }) => ({
      period,
      ...row,
      provisional,
      threshold,
      compare,
      beforeSites: before?.sites,
      beforeDevices: before?.devices,
      sitesShareChange: change?.sitesShare,
      devicesShareChange: change?.devicesShare,
      clear: change?.clear,
      few: change?.few,
    })),
  );
}
