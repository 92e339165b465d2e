import type { Period } from '../../schemas/period.ts';
import type { CloseStep, Transition } from '../../schemas/release.ts';

/** The finished steps of a period by name, in their order. */
export function stepsOf(all: readonly Transition[], period: Period): ReadonlyMap<CloseStep, Transition> {
  return new Map(all.filter((one) => one.period === period).map((one) => [one.step, one]));
}
