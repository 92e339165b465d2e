import * as z from 'zod';
import { CATEGORIES, MAX_COUNT, MAX_SEQUENCE, REFUSAL_REASONS } from '../../../schemas/report.ts';

const Ms = z.int().min(0);
const Name = z.string().max(256);
const Line = z.strictObject({
  category: z.enum(CATEGORIES),
  vendor: Name,
  model: Name,
  count: z.int().min(0).max(MAX_COUNT),
});
const Platform = z.strictObject({ name: z.string().max(64), version: z.string().max(3) });

/** What the service said of the last report. */
export const KeptReceipt = z.strictObject({
  at: Ms,
  accepted: z.int().min(0),
  unlisted: z.int().min(0),
  refused: z.array(z.strictObject({ index: z.int().min(0), reason: z.enum(REFUSAL_REASONS) })),
  /** One word for each line that was sent, in the order of `lines`. */
  lines: z.array(z.strictObject({ line: z.string().max(400), became: z.string().max(400) })),
});
export type KeptReceipt = z.infer<typeof KeptReceipt>;

/** One PBX within one month. Another month or another PBX shares nothing with it. */
export const Site = z.strictObject({
  period: z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/),
  token: z.string().regex(/^[A-Za-z0-9_-]{22,86}$/),
  /** Of the last report that may have been received. */
  sequence: z.int().min(0).max(MAX_SEQUENCE),
  /** The platform under which facts may be held; null when nothing was sent. */
  platform: Platform.nullable(),
  /** Every line that may have been received under the token, with the last count that was sent. */
  sent: z.array(Line),
  /** Services that may hold something under the token. */
  sentTo: z.array(z.string().max(2048)),
  /** Whether the service has confirmed the last report. */
  confirmed: z.boolean(),
  /** The moment of the next report or attempt; null while there is nothing to send. */
  dueAt: Ms.nullable(),
  attempts: z.int().min(0),
  /** Why the last attempt failed, by a code. */
  failure: z.string().max(64).nullable(),
  receipt: KeptReceipt.nullable(),
  /** What the service gave for the token: shown with the next report, it is not taken for a new site's. */
  ticket: z
    .string()
    .regex(/^[A-Za-z0-9_-]{32}$/)
    .nullable()
    .default(null),
});
export type Site = z.infer<typeof Site>;

/** What the owner agreed to: a policy's number and the text that stood under it. */
export const Consent = z.strictObject({
  policy: z.int().min(1),
  /** Of the text that was shown; null in a state of before it was kept. */
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
  /** The fields of the report that the policy of that version names. */
  fields: z.array(z.string().max(128)),
  at: Ms,
});
export type Consent = z.infer<typeof Consent>;

/** Everything that the agent keeps, in one file. Names of hardware, one token a month, moments; nothing that was read raw. */
export const State = z.strictObject({
  version: z.literal(1),
  machine: z.strictObject({ salt: z.string().max(64), marks: z.array(z.string().max(64)), volume: z.boolean() }),
  service: z.string().max(2048).nullable(),
  /** Null: the agent is off. */
  consent: Consent.nullable(),
  /** A policy that says something else than what was agreed to. What it collects beyond that is left out until the owner agrees. */
  newPolicy: z
    .strictObject({
      version: z.int().min(1),
      more: z.array(z.string().max(128)),
      /** Another text under the number that was agreed to: until the owner agrees to it nothing is reported at all. */
      rewritten: z.boolean().default(false),
    })
    .nullable(),
  /** True from `disable` until the withdrawal is confirmed. */
  stopping: z.boolean(),
  /** How far this machine's clock is behind the service's, in milliseconds, where it is a day or more. */
  clockOffsetMs: z.int(),
  sites: z.record(z.string().max(64), Site),
});
export type State = z.infer<typeof State>;
