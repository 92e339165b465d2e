import * as z from 'zod';
import { Period } from '../period.ts';
import { Count } from './parts.ts';

/** Views whose rises are looked at: an invented site is in a cell of each. */
export const GROWTH_VIEWS = ['platform', 'vendor', 'model', 'unlisted'] as const;

/** Noised, so that it may be less than none. */
const Noised = z.int();

/** A shown cell that grew by more than the fleet did. */
const Risen = z.strictObject({
  view: z.enum(GROWTH_VIEWS),
  category: z.string().optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  platform: z.string().optional(),
  sites: Count,
  /** Of the month before; null where it was not shown. */
  before: Count.nullable(),
  /** Sites more than the fleet's own growth explains, about. */
  beyond: Count,
});
export type Risen = z.infer<typeof Risen>;

const NewSites = z.strictObject({
  day: Count,
  days: Count,
  sites: Noised,
  before: Noised.nullable(),
  beyond: z.boolean(),
});

export const GrowthAnswer = z.strictObject({
  period: Period,
  /** The month that it is compared with: the one counted before; null where there is none. */
  before: Period.nullable(),
  provisional: z.boolean(),
  threshold: Count,
  fleet: z.strictObject({ sites: Count.nullable(), before: Count.nullable() }),
  newSites: z.strictObject({
    /** Of a day's number and of `soFar`, nineteen times in twenty. */
    margin: Count,
    soFarMargin: Count,
    soFar: z.strictObject({ days: Count, sites: Noised, before: Noised.nullable() }).nullable(),
    byDay: z.array(NewSites),
  }),
  alone: z.array(Risen),
  together: z.array(z.strictObject({ sites: Count, cells: z.array(Risen) })),
});
export type GrowthAnswer = z.infer<typeof GrowthAnswer>;
