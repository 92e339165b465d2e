import * as z from 'zod';
import { VIEWS, type View } from '../../schemas/fact.ts';
import { Period } from '../../schemas/period.ts';
import { CATEGORIES } from '../../schemas/report.ts';

const PLATFORM_VIEWS: readonly View[] = ['platform', 'platform_vendor'];
const VENDOR_VIEWS: readonly View[] = ['vendor', 'model', 'unlisted', 'platform_vendor'];
const CATEGORY_VIEWS: readonly View[] = ['category', 'vendor', 'model', 'unlisted'];

const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'not-a-number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

const name = z.string().min(1).max(64);

const Plain = z.strictObject({
  period: Period.optional(),
  view: z.enum(VIEWS).default('model'),
  category: z.enum(CATEGORIES).optional(),
  vendor: name.optional(),
  platform: name.optional(),
  q: name.optional(),
  sort: z.enum(['sites', '-sites', 'devices', '-devices', 'name', '-name']).default('-sites'),
  limit: wholeNumber(1, 1000, 50),
  offset: wholeNumber(0, 1_000_000, 0),
});
export type CountsQuery = z.infer<typeof Plain>;

/** The query of `GET /v1/counts`. */
export const CountsQuery = Plain.superRefine((query, context) => {
  for (const { parameter, reason } of combinationProblems(query))
    context.addIssue({ code: 'custom', path: [parameter], message: reason });
});

/** A filter that its view has no column for would answer a question that nobody asked. */
function combinationProblems(query: CountsQuery): { parameter: string; reason: string }[] {
  const { view, category, vendor, platform, sort } = query;
  const problems: { parameter: string; reason: string }[] = [];
  if (platform !== undefined && !PLATFORM_VIEWS.includes(view))
    problems.push({ parameter: 'platform', reason: 'only-with-platform-views' });
  if (category !== undefined && !CATEGORY_VIEWS.includes(view))
    problems.push({ parameter: 'category', reason: 'not-with-this-view' });
  if (vendor !== undefined && !VENDOR_VIEWS.includes(view))
    problems.push({ parameter: 'vendor', reason: 'not-with-this-view' });
  else if (vendor !== undefined && category === undefined && view !== 'platform_vendor')
    problems.push({ parameter: 'vendor', reason: 'needs-category' });
  if (sort.endsWith('devices') && PLATFORM_VIEWS.includes(view))
    problems.push({ parameter: 'sort', reason: 'no-devices-in-this-view' });
  return problems;
}
