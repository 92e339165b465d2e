import * as z from 'zod';
import { Period } from '../period.ts';
import { QUERY_NAMES } from '../release.ts';
import { Time } from './parts.ts';

export const Verdict = z.enum(['approve', 'suppress']);
const Numbers = z.strictObject({ sites: z.int(), phones: z.int().nullable() });
const CellAnswer = z.strictObject({
  query: z.enum(QUERY_NAMES),
  platform: z.string(),
  vendor: z.string(),
  model: z.string(),
  category: z.string(),
});

export const HeldAnswer = z.strictObject({
  /** Null when no month was noised yet. */
  period: Period.nullable(),
  /** Null before the release, and without a month. */
  deadline: Time.nullable(),
  cells: z.array(
    z.strictObject({ cell: CellAnswer, now: Numbers, earlier: Numbers.nullable(), decision: Verdict.nullable() }),
  ),
});
export type HeldAnswer = z.infer<typeof HeldAnswer>;

export const DecisionAnswer = z.strictObject({ period: Period, cell: CellAnswer, decision: Verdict, at: Time });
export type DecisionAnswer = z.infer<typeof DecisionAnswer>;
