import * as z from 'zod';
import { PERIOD_STATES } from '../cube.ts';
import { Period } from '../period.ts';
import { CLOSE_STEPS } from '../release.ts';
import { Count, Time } from './parts.ts';

const PeriodRow = z.strictObject({
  period: Period,
  state: z.enum(PERIOD_STATES),
  sites: Count.nullable(),
  snapshotAt: Time.nullable(),
  /** The last finished step of its close; null before. */
  step: z.enum(CLOSE_STEPS).nullable(),
  /** The code of the failure that its close stopped at and has not got over; null without one. */
  failure: z.string().nullable(),
  /** Dead letters that its close destroys uncounted; null until they were counted. */
  deadLetters: z.strictObject({ blocks: Count, facts: Count }).nullable(),
});
export const PeriodsAnswer = z.strictObject({ periods: z.array(PeriodRow) });
export type PeriodsAnswer = z.infer<typeof PeriodsAnswer>;
