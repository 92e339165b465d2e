import * as z from 'zod';
import type { SeriesAnswer } from '../../../schemas/answers/series.ts';
import { VIEWS } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { hasDevices, stacksOf } from '../../core/view-rules.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import {
  name,
  type ParameterProblem,
  periodRange,
  rangeProblems,
  refuse,
  wholeNumber,
} from '../../http/query-parts.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { filterOf, namesOf } from './cell-filter.ts';
import { filterProblems } from './counts-query.ts';
import { byName } from './month-cells.ts';
import type { Reading } from './reading.ts';
import { marketTotal, numbersOf, type Totals, totalsOf } from './series.ts';
import { shareOf } from './shares.ts';
import { type CountsDeps, chosenRange, ofOneMoment } from './snapshots.ts';

const Plain = z.strictObject({
  view: z.enum(VIEWS).default('vendor'),
  category: z.enum(CATEGORIES).optional(),
  vendor: name.optional(),
  platform: name.optional(),
  by: z.enum(['sites', 'devices']).default('sites'),
  top: wholeNumber(1, 20, 8),
  ...periodRange,
});
export type SeriesQuery = z.infer<typeof Plain>;

export const SeriesQuery = Plain.superRefine(
  refuse((query) => [...filterProblems(query), ...byProblems(query), ...rangeProblems(query)]),
);

function byProblems({ view, by }: SeriesQuery): ParameterProblem[] {
  return by === 'devices' && !hasDevices(view) ? [{ parameter: 'by', reason: 'no-devices-in-this-view' }] : [];
}

type Point = SeriesAnswer['series'][number]['points'][number];

/** The numbers of one chart: the largest cells of a view over the counted months of a range, and all others together. */
export async function chartSeries(asked: SeriesQuery, given: NamesDeps): Promise<Reading<SeriesAnswer>> {
  const deps = ofOneMoment(given);
  const query = await knownNames(asked, deps, asked.view);
  const { from, to, snapshots } = await chosenRange(query, deps);
  return {
    snapshots,
    path: '/v1/series',
    parameters: { ...query, from, to },
    answer: async () => ({
      view: query.view,
      by: query.by,
      from,
      to,
      ...(await contentOf(query, snapshots, deps)),
    }),
  };
}

async function contentOf(
  query: SeriesQuery,
  snapshots: readonly Snapshot[],
  deps: CountsDeps,
): Promise<Pick<SeriesAnswer, 'periods' | 'series' | 'other'>> {
  const { view, by, category, vendor, platform, top } = query;
  const filter = filterOf({ category, vendor, platform });
  const [all, totals] = await Promise.all([
    deps.store.months({ snapshots, view, threshold: deps.threshold }),
    totalsOf(view, filter, snapshots, deps),
  ]);
  // The sort is stable: of equals the first by name.
  const ranked = [...byName(all, filter).values()]
    .map((months) => ({ months, sum: months.reduce((sum, cell) => sum + cell[by], 0) }))
    .sort((a, b) => b.sum - a.sum);
  const [shown, rest] = [ranked.slice(0, top), ranked.slice(top).flatMap(({ months }) => months)];
  const totalIn = (period: Period) => marketTotal(view, query, period, totals)[by];
  return {
    periods: snapshots.map(({ period, provisional }) => ({ period, provisional, total: totalIn(period) })),
    series: shown.map(({ months }) => ({
      ...namesOf(view, months[0] as PeriodCell),
      points: snapshots.map(({ period }) => pointOf(query, period, months, totals)),
    })),
    other: stacksOf(view).includes(by) ? otherOf(by, snapshots, rest, totalIn) : null,
  };
}

function pointOf({ view, by }: SeriesQuery, period: Period, cells: readonly PeriodCell[], totals: Totals): Point {
  const cell = cells.find((one) => one.period === period);
  if (!cell) return { value: null, share: null };
  const numbers = numbersOf(view, period, cell, totals);
  return { value: numbers[by], share: by === 'sites' ? numbers.sitesShare : numbers.devicesShare };
}

/** The sum of shown cells: what is held back is in none of them, and a month without one has no number. */
function otherOf(
  by: SeriesQuery['by'],
  snapshots: readonly Snapshot[],
  rest: readonly PeriodCell[],
  totalIn: (period: Period) => number | null,
): SeriesAnswer['other'] {
  const inMonth = (period: Period | undefined) => rest.filter((cell) => cell.period === period);
  return {
    cells: inMonth(snapshots.at(-1)?.period).length,
    points: snapshots.map(({ period }) => {
      const cells = inMonth(period);
      const value = cells.length === 0 ? null : cells.reduce((sum, cell) => sum + cell[by], 0);
      return { value, share: shareOf(value, totalIn(period)) };
    }),
  };
}

/** A row for each cell and month; the rows of all others together are the last, and name no cell. */
export function seriesTable({ view, by, periods, series, other }: SeriesAnswer): Table {
  const lines = [
    ...series.map(({ points, ...names }) => ({ points, names, part: 'cell' })),
    ...(other && other.cells > 0 ? [{ points: other.points, names: {}, part: 'other' }] : []),
  ];
  return tableOf(
    {
      view: 'text',
      by: 'text',
      part: 'text',
      platform: 'text',
      category: 'text',
      vendor: 'text',
      model: 'text',
      period: 'text',
      provisional: 'flag',
      value: 'whole',
      share: 'fraction',
    },
    lines.flatMap(({ points, names, part }) =>
      points.map((point, i) => ({
        view,
        by,
        part,
        ...names,
        period: periods[i]?.period,
        provisional: periods[i]?.provisional,
        ...point,
      })),
    ),
  );
}
