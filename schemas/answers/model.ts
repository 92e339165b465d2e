import * as z from 'zod';
import { Period } from '../period.ts';
import { Amount, Row, RowPoint } from './row.ts';

const Count = z.int().min(0);

/** `GET /v1/models/{category}/{vendor}/{model}?period&compare&months=12`. One that is not shown is answered alike: with nulls. */
export const ModelAnswer = z.strictObject({
  category: z.string(),
  vendor: z.string(),
  model: z.string(),
  period: Period,
  compare: Period.nullable(),
  provisional: z.boolean(),
  snapshotAt: z.iso.datetime().nullable(),
  threshold: Count,
  /** Of the category. */
  total: Amount,
  before: Amount.nullable(),
  /** Null when it is not shown in the period. */
  row: Row.nullable(),
  /** Its months up to the newest that was counted, open ones too, shown or not. */
  trend: z.array(RowPoint),
  /** Among the models of the category by sites; `before` in `compare`. */
  place: z.strictObject({ rank: Count, of: Count, before: Count.nullable() }).nullable(),
  /** Shown models of the same vendor and category, this one too, most sites first; `siblingsInAll` counts them. */
  siblings: z.array(Row),
  siblingsInAll: Count,
  suppressed: z.strictObject({ cells: Count }),
  /** What the vendor's own party was told in the newest release of the period; null without one. */
  released: z
    .strictObject({
      party: z.string(),
      sites: Count,
      sitesMargin: z.number().min(0),
      phones: Count.nullable(),
      phonesMargin: z.number().min(0).nullable(),
    })
    .nullable(),
  /** Until when its maker sold it and supports it, a month or a day each, and where it says so; null where the catalogue does not know. */
  endOfLife: z.strictObject({ sold: z.string(), supported: z.string().nullable(), source: z.string() }).nullable(),
  /** The catalogue's version that the month was recognised with; null when it is not recorded. */
  catalogue: z.string().nullable(),
});
export type ModelAnswer = z.infer<typeof ModelAnswer>;
