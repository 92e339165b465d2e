import * as z from 'zod';
import { VIEWS } from '../fact.ts';
import { Period } from '../period.ts';
import { COUNTS_MORE, COUNTS_ROW_MORE } from './extended.ts';
import { Count, Note, Share, Time } from './parts.ts';

const CountsRow = z.strictObject({
  category: z.string().optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  platform: z.string().optional(),
  sites: Count,
  /** Null in platform views, and of a name that few sites have while its month is open. */
  devices: Count.nullable(),
  sitesShare: Share,
  devicesShare: Share,
  /** With `compare` or `trend` only. */
  ...z.strictObject(COUNTS_ROW_MORE).partial().shape,
});

export const CountsAnswer = z.strictObject({
  period: Period,
  view: z.enum(VIEWS),
  snapshotAt: Time.nullable(),
  provisional: z.boolean(),
  threshold: Count,
  total: z.strictObject({ sites: Count.nullable(), devices: Count.nullable() }),
  suppressed: z.strictObject({ cells: Count }),
  rows: z.array(CountsRow),
  next: Count.nullable(),
  note: Note,
  /** With `compare` or `trend` only. */
  ...z.strictObject(COUNTS_MORE).partial().shape,
});
export type CountsAnswer = z.infer<typeof CountsAnswer>;
