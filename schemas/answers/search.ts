import * as z from 'zod';
import { Period } from '../period.ts';
import { Count, Time } from './parts.ts';

/** Views whose cells are found by name. */
export const SEARCHED_VIEWS = ['vendor', 'platform', 'model'] as const;

export const SearchAnswer = z.strictObject({
  period: Period,
  snapshotAt: Time.nullable(),
  provisional: z.boolean(),
  threshold: Count,
  results: z.array(
    z.strictObject({
      kind: z.enum(SEARCHED_VIEWS),
      category: z.string().optional(),
      vendor: z.string().optional(),
      model: z.string().optional(),
      platform: z.string().optional(),
      sites: Count,
    }),
  ),
  next: Count.nullable(),
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;
