import * as z from 'zod';
import { Period } from '../period.ts';

const Count = z.int().min(0);
/** 0 to 1 of a total; null when the total or the part is not shown. */
const Share = z.number().min(0).max(1).nullable();
/** From one share to another: 0.05 is five percentage points more. */
const ShareChange = z.number().min(-1).max(1).nullable();

/** The columns of the row's view, and no others. */
export const NAMES = {
  platform: z.string().optional(),
  category: z.string().optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
} as const;

/** A cell in one month. Nulls where it is not shown: held back or not there, which is not told apart. */
export const RowPoint = z.strictObject({
  period: Period,
  provisional: z.boolean(),
  sites: Count.nullable(),
  devices: Count.nullable(),
  sitesShare: Share,
  devicesShare: Share,
});
export type RowPoint = z.infer<typeof RowPoint>;

/**
 * The same cell in the month that is compared with. Null when it was not shown there, or when no change is shown at
 * all: one of the two months is provisional, or there is no other month.
 */
export const Before = z
  .strictObject({ sites: Count, devices: Count.nullable(), sitesShare: Share, devicesShare: Share })
  .nullable();
export type Before = z.infer<typeof Before>;

export const Change = z
  .strictObject({
    sitesShare: ShareChange,
    devicesShare: ShareChange,
    /**
     * More than chance and the fleet's own growth: with e = before.sites * sitesNow / sitesBefore of the total,
     * |sites - e| > 2 * sqrt(sites + e).
     */
    clear: z.boolean(),
    /** Under 30 sites in one of the two months. */
    few: z.boolean(),
  })
  .nullable();
export type Change = z.infer<typeof Change>;

/** A shown cell with everything the console says of it. Null where `before` is: never for a provisional month. */
export const Row = z.strictObject({
  ...NAMES,
  sites: Count,
  /** Null in platform views, and of a name that few sites have while its month is open. */
  devices: Count.nullable(),
  sitesShare: Share,
  devicesShare: Share,
  before: Before,
  change: Change,
  /** From 1, by sites, among all shown rows of the same question. */
  rank: Count,
  rankBefore: Count.nullable(),
  /** The months that end with this one, oldest first; as many as were asked for and counted. */
  trend: z.array(RowPoint),
});
export type Row = z.infer<typeof Row>;

/** Sites and devices of a scope. */
export const Amount = z.strictObject({ sites: Count.nullable(), devices: Count.nullable() });
export type Amount = z.infer<typeof Amount>;
