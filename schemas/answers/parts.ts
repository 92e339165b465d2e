import * as z from 'zod';
import { Period } from '../period.ts';

/** 0 to 1 of a total; null when the total or the part is not shown. */
export const Share = z.number().min(0).max(1).nullable();
export const Count = z.int().min(0);
export const Time = z.iso.datetime();

/** What whoever reads the numbers has to know. */
export const Note = z.string().optional();

/** Of a 204. */
export const NoAnswer = z.never();

/** A cell in one period. Nulls where it is not shown: held back or not there, which is not told apart. */
export const Point = z.strictObject({
  period: Period,
  provisional: z.boolean(),
  sites: Count.nullable(),
  devices: Count.nullable(),
  sitesShare: Share,
  devicesShare: Share,
});
export type Point = z.infer<typeof Point>;
