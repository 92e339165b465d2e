import * as z from 'zod';

/** `already`: the month is closed. */
export const CloseAnswer = z.strictObject({ state: z.enum(['enqueued', 'already']) });
export type CloseAnswer = z.infer<typeof CloseAnswer>;
