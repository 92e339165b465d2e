import type { Period } from '../../../schemas/period.ts';
import type { CloseStep } from '../../../schemas/release.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';

/** Whether a period's close has finished the step. No clock is asked: this one may be behind that of who closes. */
export async function hasReached(
  step: CloseStep,
  period: Period,
  { releases }: { readonly releases: CloseProgress },
): Promise<boolean> {
  const all = await releases.transitions();
  return all.some((one) => one.period === period && one.step === step);
}
