import * as z from 'zod';
import { Period } from '../period.ts';
import { Count, Point } from './parts.ts';

/** Views whose cells can be laid side by side. */
export const COMPARED_VIEWS = ['model', 'vendor'] as const;

export const CompareAnswer = z.strictObject({
  view: z.enum(COMPARED_VIEWS),
  from: Period,
  to: Period,
  threshold: Count,
  /** As they were named, each with the same periods. */
  cells: z.array(
    z.strictObject({
      category: z.string(),
      vendor: z.string(),
      model: z.string().optional(),
      points: z.array(Point),
    }),
  ),
});
export type CompareAnswer = z.infer<typeof CompareAnswer>;
