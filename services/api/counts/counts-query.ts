import * as z from 'zod';
import { VIEWS } from '../../../schemas/fact.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { hasColumn } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import { name, type ParameterProblem, paging, refuse, wholeNumber } from '../../http/query-parts.ts';

const Plain = z.strictObject({
  period: Period.optional(),
  view: z.enum(VIEWS).default('model'),
  category: z.enum(CATEGORIES).optional(),
  vendor: name.optional(),
  platform: name.optional(),
  q: name.optional(),
  compare: Period.optional(),
  trend: wholeNumber(0, 60, 0),
  sort: z.enum(['sites', '-sites', 'devices', '-devices', 'name', '-name']).default('-sites'),
  ...paging,
});
export type CountsQuery = z.infer<typeof Plain>;

/** The query of `GET /v1/counts`. */
export const CountsQuery = Plain.superRefine(refuse(combinationProblems));

function combinationProblems(query: CountsQuery): ParameterProblem[] {
  const problems = filterProblems(query);
  if (!VIEW_TABLE[query.view].sorts.includes(sortOf(query.sort).by))
    problems.push({ parameter: 'sort', reason: 'no-devices-in-this-view' });
  return problems;
}

/** A filter that its view has no column for would answer a question that nobody asked. */
export function filterProblems(
  query: Pick<CountsQuery, 'view' | 'category' | 'vendor' | 'platform'>,
): ParameterProblem[] {
  const { view, category, vendor, platform } = query;
  const { filters } = VIEW_TABLE[view];
  const problems: ParameterProblem[] = [];
  if (platform !== undefined && !filters.includes('platform'))
    problems.push({ parameter: 'platform', reason: 'only-with-platform-views' });
  if (category !== undefined && !filters.includes('category'))
    problems.push({ parameter: 'category', reason: 'not-with-this-view' });
  if (vendor !== undefined && !filters.includes('vendor'))
    problems.push({ parameter: 'vendor', reason: 'not-with-this-view' });
  else if (vendor !== undefined && category === undefined && hasColumn(view, 'category'))
    problems.push({ parameter: 'vendor', reason: 'needs-category' });
  return problems;
}

/** `-sites` as the store takes it. */
export function sortOf(sort: CountsQuery['sort']) {
  return { by: sort.replace('-', '') as 'sites' | 'devices' | 'name', descending: sort.startsWith('-') };
}
