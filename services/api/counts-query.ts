import * as z from 'zod';
import { VIEWS, type View } from '../../schemas/fact.ts';
import { Period } from '../../schemas/period.ts';
import { CATEGORIES } from '../../schemas/report.ts';
import { HttpProblem } from '../shared/http.ts';

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

const Parameters = z.strictObject({
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
export type CountsQuery = z.infer<typeof Parameters>;

/** The query of `GET /v1/counts`; 400 with the parameter's name for anything that it does not know or allow. */
export function parseCountsQuery(raw: unknown): CountsQuery {
  const parsed = Parameters.safeParse(raw);
  if (!parsed.success)
    throw badParameters(
      parsed.error.issues.map((issue) =>
        // An unknown parameter's name is the caller's text: it is not repeated.
        issue.code === 'unrecognized_keys'
          ? { parameter: '', reason: 'unknown-parameter' }
          : { parameter: String(issue.path[0] ?? ''), reason: 'not-allowed' },
      ),
    );
  const query = parsed.data;
  const problems = combinationProblems(query);
  if (problems.length > 0) throw badParameters(problems);
  return query;
}

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

function badParameters(errors: readonly { parameter: string; reason: string }[]): HttpProblem {
  return new HttpProblem({
    status: 400,
    type: 'invalid-parameter',
    detail: `Parameters are ${Object.keys(Parameters.shape).join(', ')}: see errors.`,
    extra: { errors },
  });
}
