import type { Period } from '../../schemas/period.ts';
import type { CloseStep, Transition } from '../../schemas/release.ts';

/** The finished steps of a period by name, in their order. */
export function stepsOf(all: readonly Transition[], period: Period): ReadonlyMap<CloseStep, Transition> {
  return new Map(all.filter((one) => one.period === period).map((one) => [one.step, one]));
}

/** The newest released period before `period`, with the attempt that its noised cube lies under. */
export function lastReleased(
  all: readonly Transition[],
  period: Period,
): { readonly period: Period; readonly attempt: number } | undefined {
  const released = new Set(all.filter(({ step }) => step === 'RELEASED').map((one) => one.period));
  const noised = all.filter((one) => one.step === 'NOISED' && one.period < period && released.has(one.period)).at(-1);
  return noised && { period: noised.period, attempt: Number(noised.detail.attempt) };
}
