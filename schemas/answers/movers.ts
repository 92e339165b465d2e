import * as z from 'zod';
import { Period } from '../period.ts';
import { MOVERS_MORE, MOVERS_ROW_MORE } from './extended.ts';
import { Count } from './parts.ts';

/** From one share to the other: 0.05 is five percentage points more. */
const Change = z.number().min(-1).max(1).nullable();

export const MoversRow = z.strictObject({
  category: z.string().optional(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  platform: z.string().optional(),
  fromSites: Count.nullable(),
  toSites: Count.nullable(),
  sitesShareChange: Change,
  fromDevices: Count.nullable(),
  toDevices: Count.nullable(),
  devicesShareChange: Change,
  /** See {@link MOVERS_ROW_MORE}: neither of a row that is not shown in both months; none is clear while one may still change. */
  ...MOVERS_ROW_MORE,
});
export type MoversRow = z.infer<typeof MoversRow>;

export const MoversAnswer = z.strictObject({
  from: Period,
  to: Period,
  /** Whether one of the two may still change. */
  ...MOVERS_MORE,
  fromProvisional: z.boolean(),
  toProvisional: z.boolean(),
  threshold: Count,
  rows: z.array(MoversRow),
});
export type MoversAnswer = z.infer<typeof MoversAnswer>;
