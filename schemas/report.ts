import * as z from 'zod';
import { CATEGORIES, type Category } from './cell-names.ts';
import { field } from './policy.ts';
import { TOKEN_PATTERN } from './token.ts';

export { CATEGORIES, type Category } from './cell-names.ts';

export const MAX_LINES = 512;
export const MAX_COUNT = 10_000;
export const MAX_SEQUENCE = 1_000_000;
/** Of a ticket: 32 characters of base64url. */
export const TICKET_BYTES = 24;
/** Bytes of a report on the wire, and after inflating. */
export const MAX_WIRE_BYTES = 64 * 1024;
export const MAX_INFLATED_BYTES = 256 * 1024;

/** No NUL and no lone surrogate: everything else in a name is judged line by line. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\u0000]*$/, 'nul')
    .refine((s) => s.isWellFormed(), 'not-unicode');

/** How long a maker's and a model's name is kept. */
const NAME_KEPT =
  'catalogue name; a name that no list has is sealed, and opened when twenty sites have it; fact until close, then counts of ten or more sites';

const Line = z.strictObject({
  category: field(z.enum(CATEGORIES), {
    purpose: 'to tell phones from cards and servers',
    category: 'device',
    retention: 'fact until close, then counts of ten or more sites',
    public: true,
  }),
  vendor: field(text(128), {
    purpose: 'to count devices by maker',
    category: 'device',
    retention: NAME_KEPT,
    public: true,
  }),
  model: field(text(256), {
    purpose: 'to count devices by model',
    category: 'device',
    retention: NAME_KEPT,
    public: true,
  }),
  count: field(z.int().min(0).max(MAX_COUNT), {
    purpose: 'to count devices; 0 takes a line back',
    category: 'device',
    retention: 'fact until close, at most 1,000 of a model, then part of a sum over ten or more sites',
    public: true,
  }),
});

const Platform = z.strictObject({
  name: field(text(64).min(1), {
    purpose: 'to count sites by phone system',
    category: 'platform',
    retention: 'catalogue name only; fact until close, then counts of ten or more sites',
    public: true,
  }),
  version: field(z.string().regex(/^[0-9]{0,3}$/, 'not-a-major-version'), {
    purpose: 'to count sites by major version of their phone system',
    category: 'platform',
    retention: 'fact until close, then counts of ten or more sites',
    public: true,
  }),
});

/** What a PBX agent posts. Strict: what has no place here is refused, never stripped. */
export const Report = z.strictObject({
  schema: field(z.literal('rollcall.report/1'), {
    purpose: 'to read the report correctly',
    category: 'protocol',
    retention: 'not stored',
    public: false,
  }),
  period: field(z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/, 'not-a-period'), {
    purpose: 'to count the report in the right month',
    category: 'protocol',
    retention: 'part of each fact; destroyed with it',
    public: true,
  }),
  token: field(z.string().regex(TOKEN_PATTERN, 'not-a-token'), {
    purpose: 'to let a repeated or corrected report replace the earlier one',
    category: 'protocol',
    retention:
      'memory only, as bytes that are overwritten before the report is read further; made anew by the site each month',
    public: false,
  }),
  sequence: field(z.int().min(1).max(MAX_SEQUENCE), {
    purpose: 'to let the newest of several reports win, whatever order they arrive in',
    category: 'protocol',
    retention: 'hidden inside a keyed offset in each fact; destroyed with it',
    public: false,
  }),
  platform: Platform,
  devices: z.array(Line).max(MAX_LINES),
  ticket: field(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{32}$/, 'not-a-ticket')
      .optional(),
    {
      purpose: 'to let a site that was counted report again from a network that many new ones come from',
      category: 'protocol',
      retention: 'not stored: what the service itself answered the first report with',
      public: false,
    },
  ),
  withdraw: field(z.boolean().optional(), {
    purpose: 'to take back everything sent this month',
    category: 'protocol',
    retention: 'not stored',
    public: false,
  }),
});
export type Report = z.infer<typeof Report>;
export type ReportLine = Report['devices'][number];

/** Why one line of a report was not counted. */
export const REFUSAL_REASONS = ['personal-data', 'not-a-device', 'bad-name'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The body of a 202. */
export interface Receipt {
  readonly accepted: number;
  readonly unlisted: number;
  readonly refused: readonly { readonly index: number; readonly reason: RefusalReason }[];
  /** What became of each line, in their order. */
  readonly lines: readonly BecameLine[];
}

/** What a counted report is answered: the ticket, shown with the token's next reports, keeps them out of the limit of new tokens. */
export interface CountedReceipt extends Receipt {
  readonly ticket: string;
}

/** One line of a report: counted as the catalogue names it, counted as unlisted until a curator names it, or not counted. */
export interface BecameLine {
  readonly index: number;
  readonly outcome: 'listed' | 'proposed' | 'refused';
  readonly as?: { readonly category: Category; readonly vendor: string; readonly model: string };
  readonly reason?: RefusalReason;
}

/** The JSON Schema of a report, generated from the zod schema. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, required = [], ...rest } = z.toJSONSchema(Report, { io: 'input' });
  const always = required.filter((field) => field !== 'platform' && field !== 'devices');
  return {
    $schema,
    $id: '/schemas/report/1.json',
    title: 'Rollcall report, version 1',
    ...rest,
    required: always,
    // A withdrawal needs neither.
    if: { properties: { withdraw: { const: true } }, required: ['withdraw'] },
    else: { required: ['platform', 'devices'] },
  };
}
