import * as z from 'zod';
import { VIEWS } from '../fact.ts';
import { Period } from '../period.ts';
import { NAMES } from './row.ts';

const Count = z.int().min(0);
/** `value` is of `by`; both null where the cell is not shown. One for each of `periods`, in their order. */
const SeriesPoint = z.strictObject({ value: Count.nullable(), share: z.number().min(0).max(1).nullable() });

/** `GET /v1/series?view&category&vendor&platform&by=sites|devices&top=8&from&to`: one chart's numbers. */
export const SeriesAnswer = z.strictObject({
  view: z.enum(VIEWS),
  by: z.enum(['sites', 'devices']),
  from: Period,
  to: Period,
  /** `total` is what shares are of: of the category, the platform or all, as `/v1/counts` has it. */
  periods: z.array(z.strictObject({ period: Period, provisional: z.boolean(), total: Count.nullable() })),
  /** The `top` cells, the greatest sum over the range first. */
  series: z.array(z.strictObject({ ...NAMES, points: z.array(SeriesPoint) })),
  /**
   * The sum of the other shown cells, month by month; `cells` is how many there are in the newest month. What is held
   * back is in nobody's sum. Null where parts overlap: shares of sites, but for platforms.
   */
  other: z.strictObject({ cells: Count, points: z.array(SeriesPoint) }).nullable(),
});
export type SeriesAnswer = z.infer<typeof SeriesAnswer>;
