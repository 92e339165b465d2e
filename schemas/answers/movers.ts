import * as z from 'zod';
import { Period } from '../period.ts';
import { Count } from './parts.ts';

/** In percentage points. */
const Change = z.number().min(-100).max(100).nullable();

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
});
export type MoversRow = z.infer<typeof MoversRow>;

export const MoversAnswer = z.strictObject({ from: Period, to: Period, rows: z.array(MoversRow) });
export type MoversAnswer = z.infer<typeof MoversAnswer>;
