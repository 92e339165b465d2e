import * as z from 'zod';
import { DEAD_LETTER_REASONS } from '../dead-letter.ts';
import { Period } from '../period.ts';
import { Count } from './parts.ts';

/** What was set aside, by month and reason. Never a block. */
export const DeadLettersAnswer = z.strictObject({
  deadLetters: z.array(
    z.strictObject({ period: Period, reason: z.enum(DEAD_LETTER_REASONS), blocks: Count, facts: Count }),
  ),
});
export type DeadLettersAnswer = z.infer<typeof DeadLettersAnswer>;

/** How many blocks went back into the log, or were forgotten. */
export const DeadLettersMoved = z.strictObject({ period: Period, blocks: Count });
export type DeadLettersMoved = z.infer<typeof DeadLettersMoved>;
