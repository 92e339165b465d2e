import type { Period } from '../../../schemas/period.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { NoisedCubes } from '../../ports/noised-cubes.ts';
import { growthLimits } from '../numbers/held.ts';
import { marginOf, roundingIn } from '../numbers/rounding.ts';
import { Reading } from '../numbers/shown.ts';
import { noisedPeriod, noisedSteps } from './published-period.ts';

interface Bound {
  readonly sites: number;
  readonly phones: number | null;
}

/** How sure the numbers are that a period holds, and how far each might have moved; by the cell. Empty for another method's. */
export async function heldBounds(
  period: Period,
  releases: CloseProgress & NoisedCubes,
): Promise<ReadonlyMap<string, { readonly margin: Bound; readonly limit: Bound }>> {
  const transitions = await releases.transitions();
  const noised = noisedSteps(transitions).find((one) => one.period === period);
  if (!noised) return new Map();
  const now = await noisedPeriod(noised, releases);
  const step = stepsOf(noisedSteps(transitions), noised.detail.before as Period).get('NOISED');
  const limits = growthLimits({ now, cells: now.cells, before: step && (await noisedPeriod(step, releases)) });
  const reading = new Reading(now);
  const rounding = roundingIn(now.profile);
  return new Map(
    now.cells
      .filter(({ held }) => held !== null)
      .map((cell) => {
        const phones = reading.phones(cell);
        const margin = {
          sites: marginOf(rounding.sites, reading.siteVariance(cell.query)),
          phones: phones ? marginOf(rounding.phones, phones.variance) : null,
        };
        return [cellKey(cell), { margin, limit: { sites: limits.get(cellKey(cell)) ?? 0, phones: null } }];
      }),
  );
}
