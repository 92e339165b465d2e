import * as z from 'zod';
import type { TrendAnswer } from '../../../schemas/answers/trend.ts';
import { VIEWS } from '../../../schemas/fact.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { hasColumn } from '../../core/view-rules.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, type ParameterProblem, periodRange, rangeProblems, refuse } from '../../http/query-parts.ts';
import { knownNames, type NamesDeps } from './asked-names.ts';
import { namesOf } from './cell-filter.ts';
import type { Reading } from './reading.ts';
import { POINT_COLUMNS, seriesOf } from './series.ts';
import { chosenRange, ofOneMoment } from './snapshots.ts';

const Plain = z.strictObject({
  view: z.enum(VIEWS).default('model'),
  category: z.enum(CATEGORIES).optional(),
  vendor: name.optional(),
  model: name.optional(),
  platform: name.optional(),
  ...periodRange,
});
export type TrendQuery = z.infer<typeof Plain>;

/** The query of `GET /v1/trend`: it names one cell. Without a vendor it is the model of no known vendor. */
export const TrendQuery = Plain.superRefine(
  refuse((query) => [
    ...['category', 'vendor', 'model', 'platform'].flatMap((of) => problem(query, of as 'vendor')),
    ...rangeProblems(query),
  ]),
);

function problem(query: TrendQuery, parameter: 'category' | 'vendor' | 'model' | 'platform'): ParameterProblem[] {
  const used = hasColumn(query.view, parameter);
  if (query[parameter] !== undefined) return used ? [] : [{ parameter, reason: 'not-with-this-view' }];
  const mayBeEmpty = parameter === 'vendor' && query.model !== undefined;
  if (!used || mayBeEmpty) return [];
  return [{ parameter, reason: 'missing', ...(parameter === 'category' ? { allowed: CATEGORIES } : {}) }];
}

/** One cell over the counted periods of a range, oldest first. */
export async function trend(asked: TrendQuery, given: NamesDeps): Promise<Reading<TrendAnswer>> {
  const deps = ofOneMoment(given);
  const query = await knownNames(asked, deps, asked.view);
  const { from, to, snapshots } = await chosenRange(query, deps);
  const cell = namesOf(query.view, query);
  return {
    snapshots,
    path: '/v1/trend',
    parameters: { ...query, from, to },
    answer: async () => ({
      view: query.view,
      cell,
      from,
      to,
      provisional: snapshots.some((snapshot) => snapshot.provisional),
      threshold: deps.threshold,
      points: await seriesOf(query.view, cell as Parameters<typeof seriesOf>[1], snapshots, deps),
    }),
  };
}

export function trendTable({ cell, threshold, points }: TrendAnswer): Table {
  const names = { platform: 'text', category: 'text', vendor: 'text', model: 'text' } as const;
  return tableOf(
    { ...names, ...POINT_COLUMNS, threshold: 'whole' },
    points.map((point) => ({ ...cell, ...point, threshold })),
  );
}
