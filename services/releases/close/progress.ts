import type { Period } from '../../../schemas/period.ts';
import type { CloseStep } from '../../../schemas/release.ts';
import { openPeriods } from '../../core/period.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Clock } from '../../shared/clock.ts';

/** Whether a period's close has finished the step. A period that takes reports has finished none: nobody is asked. */
export async function hasReached(
  step: CloseStep,
  period: Period,
  { releases, clock }: { readonly releases: CloseProgress; readonly clock: Clock },
): Promise<boolean> {
  if (openPeriods(clock.now()).includes(period)) return false;
  const all = await releases.transitions();
  return all.some((one) => one.period === period && one.step === step);
}
