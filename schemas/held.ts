import * as z from 'zod';
import { CATEGORIES, MAX_COUNT, MAX_LINES } from './report.ts';
import { TOKEN_PATTERN } from './token.ts';

const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\u0000]*$/, 'nul');

/**
 * What the owner of a token asks: what is held of these lines. `count` may stand in a line, as it does in the report that was
 * sent, and means nothing.
 */
export const HeldQuestion = z.strictObject({
  schema: z.enum(['rollcall.held/1', 'rollcall.report/1']),
  period: z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/, 'not-a-period'),
  token: z.string().regex(TOKEN_PATTERN, 'not-a-token'),
  platform: z.strictObject({ name: text(64).min(1), version: z.string().regex(/^[0-9]{0,3}$/) }).optional(),
  devices: z
    .array(
      z.strictObject({
        category: z.enum(CATEGORIES),
        vendor: text(128),
        model: text(256),
        count: z.int().min(0).max(MAX_COUNT).optional(),
      }),
    )
    .max(MAX_LINES),
});
export type HeldQuestion = z.infer<typeof HeldQuestion>;

const Count = z.int().min(0);

/** The answer: counts, in the order of the lines. */
export const HeldAnswer = z.strictObject({
  /** 1: the month counts the site. */
  site: Count,
  /** 1: it counts under that platform; null: none was asked for. */
  platform: Count.nullable(),
  /** Null: the line names nothing that is counted. */
  devices: z.array(z.strictObject({ index: Count, count: Count.nullable() })),
  note: z.string(),
});
export type HeldAnswer = z.infer<typeof HeldAnswer>;
