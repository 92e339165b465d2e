import * as z from 'zod';
import { VIEW_COLUMNS, VIEWS } from '../../../schemas/fact.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { name, type ParameterProblem, paging, refuse } from '../../http/query-parts.ts';
import { hasDevices } from './shares.ts';

const Plain = z.strictObject({
  period: Period.optional(),
  view: z.enum(VIEWS).default('model'),
  category: z.enum(CATEGORIES).optional(),
  vendor: name.optional(),
  platform: name.optional(),
  q: name.optional(),
  sort: z.enum(['sites', '-sites', 'devices', '-devices', 'name', '-name']).default('-sites'),
  ...paging,
});
export type CountsQuery = z.infer<typeof Plain>;

/** The query of `GET /v1/counts`. */
export const CountsQuery = Plain.superRefine(refuse(combinationProblems));

/** A filter that its view has no column for would answer a question that nobody asked. */
function combinationProblems(query: CountsQuery): ParameterProblem[] {
  const { view, category, vendor, platform, sort } = query;
  const columns = VIEW_COLUMNS[view];
  const problems: ParameterProblem[] = [];
  if (platform !== undefined && !columns.includes('platform'))
    problems.push({ parameter: 'platform', reason: 'only-with-platform-views' });
  if (category !== undefined && !columns.includes('category'))
    problems.push({ parameter: 'category', reason: 'not-with-this-view' });
  if (vendor !== undefined && !columns.includes('vendor'))
    problems.push({ parameter: 'vendor', reason: 'not-with-this-view' });
  else if (vendor !== undefined && category === undefined && view !== 'platform_vendor')
    problems.push({ parameter: 'vendor', reason: 'needs-category' });
  if (sort.endsWith('devices') && !hasDevices(view))
    problems.push({ parameter: 'sort', reason: 'no-devices-in-this-view' });
  return problems;
}

/** `-sites` as the store takes it. */
export function sortOf(sort: CountsQuery['sort']) {
  return { by: sort.replace('-', '') as 'sites' | 'devices' | 'name', descending: sort.startsWith('-') };
}
