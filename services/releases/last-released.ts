import type { Period } from '../../schemas/period.ts';
import type { ReleaseStore } from '../ports/release-store.ts';

/** The newest released period before `period`, with the attempt that its noised cube lies under. */
export async function lastReleased(
  period: Period,
  releases: Pick<ReleaseStore, 'transitions'>,
): Promise<{ period: Period; attempt: number } | undefined> {
  const all = await releases.transitions();
  const released = new Set(all.filter(({ step }) => step === 'RELEASED').map((one) => one.period));
  const noised = all.filter((one) => one.step === 'NOISED' && one.period < period && released.has(one.period)).at(-1);
  return noised && { period: noised.period, attempt: Number(noised.detail.attempt) };
}
