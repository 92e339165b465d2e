import * as z from 'zod';
import { Period } from '../period.ts';
import { Count, Share, Time } from './parts.ts';
import { Before, Change, NAMES } from './row.ts';

/** An address of the console: path and parameters in the order of the alphabet, without what is at its default. */
const Address = z.string();

export const PinAnswer = z.strictObject({ id: z.string(), address: Address, pinnedAt: Time });
export type PinAnswer = z.infer<typeof PinAnswer>;

/** Oldest first. */
export const PinsAnswer = z.strictObject({ pins: z.array(PinAnswer), most: Count });
export type PinsAnswer = z.infer<typeof PinsAnswer>;

export const ViewLinkAnswer = z.strictObject({
  id: z.string(),
  /** With its month, which stays what it was when the link was made. */
  address: Address,
  /** `key-gone`: the key that made it was revoked or has expired, or the provider that vouched for its maker is believed no more. */
  state: z.enum(['live', 'expired', 'revoked', 'key-gone']),
  createdAt: Time,
  /** Id of the key that made it, or of the person whom an identity provider vouched for. */
  createdBy: z.string(),
  expiresAt: Time,
  revokedAt: Time.nullable(),
  /** No finer than the day, and not by whom. */
  lastOpenedDay: z.string().nullable(),
});
export type ViewLinkAnswer = z.infer<typeof ViewLinkAnswer>;

/** Newest first. */
export const ViewLinksAnswer = z.strictObject({ links: z.array(ViewLinkAnswer) });
export type ViewLinksAnswer = z.infer<typeof ViewLinksAnswer>;

/** The only answer that ever holds the token: the link is `/view#link=TOKEN`. */
export const NewViewLinkAnswer = ViewLinkAnswer.extend({ link: z.string() });
export type NewViewLinkAnswer = z.infer<typeof NewViewLinkAnswer>;

/** Both null in a month in which it is not shown. */
const LinkedPoint = z.strictObject({ value: Count.nullable(), share: Share });

/**
 * What a link shows: one view of final months. No total and no number of what is held back is among it; shares are, by which
 * a total can be worked out.
 */
export const LinkedViewAnswer = z.strictObject({
  address: Address,
  expiresAt: Time,
  threshold: Count,
  period: Period,
  compare: Period.nullable(),
  /** Final ones, oldest first; none where the view has no chart. */
  months: z.array(Period),
  series: z.array(z.strictObject({ ...NAMES, points: z.array(LinkedPoint) })),
  /** The sum of other shown cells, where cells add up. */
  other: z.array(LinkedPoint).nullable(),
  rows: z.array(
    z.strictObject({
      ...NAMES,
      sites: Count,
      devices: Count.nullable(),
      sitesShare: Share,
      devicesShare: Share,
      before: Before,
      change: Change,
    }),
  ),
});
export type LinkedViewAnswer = z.infer<typeof LinkedViewAnswer>;
