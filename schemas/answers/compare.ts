import * as z from 'zod';
import { Period } from '../period.ts';
import { Count, Point } from './parts.ts';

/** Views whose cells can be laid side by side. */
export const COMPARED_VIEWS = ['model', 'vendor', 'platform'] as const;

export const CompareAnswer = z.strictObject({
  view: z.enum(COMPARED_VIEWS),
  from: Period,
  to: Period,
  threshold: Count,
  /** As they were named, each with the same periods. */
  cells: z.array(
    z.strictObject({
      /** Of platforms alone; the others have a category and a vendor. */
      platform: z.string().optional(),
      category: z.string().optional(),
      vendor: z.string().optional(),
      model: z.string().optional(),
      points: z.array(Point),
    }),
  ),
});
export type CompareAnswer = z.infer<typeof CompareAnswer>;
