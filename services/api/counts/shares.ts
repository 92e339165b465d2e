import * as z from 'zod';
import type { View } from '../../../schemas/fact.ts';

/** 0 to 1 of a total; null when the total or the part is not shown. */
export const Share = z.number().min(0).max(1).nullable();
export const Count = z.int().min(0);

/** Six decimals. A guarded total may lag behind its part: no share is over 1. */
export function shareOf(part: number | null, total: number | null): number | null {
  return total && part !== null ? Math.min(1, Math.round((part / total) * 1e6) / 1e6) : null;
}

/** From one share to the other in percentage points, four decimals; null when either is not shown. */
export function percentagePoints(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.round((to - from) * 1e6) / 1e4;
}

/** No device is counted by platform: a platform's devices are nobody's business but the site's. */
export function hasDevices(view: View): boolean {
  return view !== 'platform' && view !== 'platform_vendor';
}
