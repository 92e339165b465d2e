import * as z from 'zod';
import { VIEWS } from '../fact.ts';
import { Point } from './parts.ts';

export const TrendAnswer = z.strictObject({
  view: z.enum(VIEWS),
  cell: z.strictObject({
    category: z.string().optional(),
    vendor: z.string().optional(),
    model: z.string().optional(),
    platform: z.string().optional(),
  }),
  points: z.array(Point),
});
export type TrendAnswer = z.infer<typeof TrendAnswer>;
