import * as z from 'zod';
import { Period } from '../period.ts';
import { VENDOR_MORE, VENDOR_ROW_MORE } from './extended.ts';
import { Count, Point, Share, Time } from './parts.ts';

/** Devices: null while a month is open and few sites have the name. */
const Numbers = { sites: Count, devices: Count.nullable(), sitesShare: Share, devicesShare: Share };

const Model = z.strictObject({
  category: z.string(),
  model: z.string(),
  ...Numbers,
  trend: z.array(Point),
  /** With `lineage` or `compare` only. */
  ...z.strictObject(VENDOR_ROW_MORE).partial().shape,
});

export const VendorAnswer = z.strictObject({
  vendor: z.string(),
  period: Period,
  snapshotAt: Time.nullable(),
  provisional: z.boolean(),
  threshold: Count,
  /** How many models are held back: of the vendor if it is shown, else of all that could be its. */
  suppressed: z.strictObject({ cells: Count }),
  /** The vendor itself, in each category that it is shown in; shares are of the category. */
  categories: z.array(z.strictObject({ category: z.string(), ...Numbers })),
  /** Its models; shares are of the category. */
  models: z.array(Model),
  next: Count.nullable(),
  /** With `lineage` or `compare` only. */
  ...z.strictObject(VENDOR_MORE).partial().shape,
});
export type VendorAnswer = z.infer<typeof VendorAnswer>;
