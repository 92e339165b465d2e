import { capIn, nextCap } from '../../core/caps.ts';
import { firstPeriodOf } from '../../core/mapping.ts';
import type { CapStore } from '../../ports/caps.ts';
import type { Clock } from '../../shared/clock.ts';

/**
 * Chooses the cap of months that have not begun, by the noised number of all sites of the newest release, which is
 * public. Done again it chooses nothing more. Resolves to whether it chose one.
 */
export async function chooseCap(
  sites: number,
  { releases, clock }: { readonly releases: CapStore; readonly clock: Clock },
): Promise<boolean> {
  // As mappings: every process that takes reports has learned it before the month begins.
  const since = firstPeriodOf(clock.now());
  const current = capIn(since, await releases.caps());
  const cap = nextCap(current, sites);
  if (cap === current) return false;
  await releases.addCap({ since, cap, at: clock.now() });
  return true;
}
