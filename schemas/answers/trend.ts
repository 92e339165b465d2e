import * as z from 'zod';
import { VIEWS } from '../fact.ts';
import { Period } from '../period.ts';
import { Count, Point } from './parts.ts';

export const TrendAnswer = z.strictObject({
  view: z.enum(VIEWS),
  cell: z.strictObject({
    category: z.string().optional(),
    vendor: z.string().optional(),
    model: z.string().optional(),
    platform: z.string().optional(),
  }),
  from: Period,
  to: Period,
  /** Whether a month of it may still change. */
  provisional: z.boolean(),
  threshold: Count,
  points: z.array(Point),
});
export type TrendAnswer = z.infer<typeof TrendAnswer>;
