import * as z from 'zod';
import { Period } from '../period.ts';
import { HELD_REASONS, QUERY_NAMES } from '../release.ts';
import { HELD_ROW_MORE } from './extended.ts';
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
  /** Null when no month was noised yet, and of all. */
  period: Period.nullable(),
  /** Null before the release, and without one month. */
  deadline: Time.nullable(),
  /** There is no release before this month's (of all: the newest's) to compare it with, so that nothing of it is held. */
  first: z.boolean(),
  cells: z.array(
    z.strictObject({
      cell: CellAnswer,
      /** growth: beyond the fleet's own churn. equal-steps: with others by the same number. new-name: no release has shown it. */
      why: z.enum(HELD_REASONS),
      now: Numbers,
      earlier: Numbers.nullable(),
      decision: Verdict.nullable(),
      ...HELD_ROW_MORE,
    }),
  ),
});
export type HeldAnswer = z.infer<typeof HeldAnswer>;

export const DecisionAnswer = z.strictObject({ period: Period, cell: CellAnswer, decision: Verdict, at: Time });
export type DecisionAnswer = z.infer<typeof DecisionAnswer>;

/** Of new names, all at once. */
export const NewNamesAnswer = z.strictObject({ period: Period, decision: Verdict, decided: z.int(), at: Time });
export type NewNamesAnswer = z.infer<typeof NewNamesAnswer>;
