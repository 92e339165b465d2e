import * as z from 'zod';
import { VIEWS } from '../fact.ts';
import { Period } from '../period.ts';
import { Amount, Row } from './row.ts';

const Count = z.int().min(0);
/** The parts that are worked out apart: one that fails is null and named in `problems`; the others stand. */
export const OVERVIEW_PARTS = ['makers', 'models', 'platforms', 'categories', 'rising', 'fading'] as const;

const perList = z.strictObject({ makers: Count, models: Count, platforms: Count, categories: Count });
const Rows = z.array(Row).nullable();
/** A model of the category or a platform; `view` says which. */
const Moved = Row.extend({ view: z.enum(VIEWS) });

/** `GET /v1/overview?category=phone&period&compare&top=10`: everything the first page shows. */
export const OverviewAnswer = z.strictObject({
  category: z.string(),
  /** Unless named the newest final month; the newest of all while none is final. */
  period: Period,
  /** A year before, or else the first final month there is; null without one, and when `period` is provisional. */
  compare: Period.nullable(),
  provisional: z.boolean(),
  snapshotAt: z.iso.datetime().nullable(),
  threshold: Count,
  /** The newest month that still takes reports and was counted; null without one. */
  open: z.strictObject({ period: Period, sites: Count.nullable() }).nullable(),
  total: z.strictObject({ all: Amount, category: Amount }),
  /** In `compare`; null without one. */
  before: z.strictObject({ all: Amount, category: Amount }).nullable(),
  /** Up to thirteen counted months, oldest first, the open one too. */
  months: z.array(z.strictObject({ period: Period, provisional: z.boolean(), all: Amount, category: Amount })),
  /** `top` of each, most sites first. Shares of makers and models are of the category, the others of all sites. */
  makers: Rows,
  models: Rows,
  platforms: Rows,
  /** All that are shown, most sites first. */
  categories: Rows,
  /** Clear changes only, greatest first, `top` at most; empty when nothing is compared. */
  rising: z.array(Moved).nullable(),
  fading: z.array(Moved).nullable(),
  /** Shown rows of each list, beyond `top` too; and cells of it that are held back. */
  rowsInAll: perList,
  suppressed: perList,
  problems: z.array(z.strictObject({ part: z.enum(OVERVIEW_PARTS), type: z.string() })),
});
export type OverviewAnswer = z.infer<typeof OverviewAnswer>;
