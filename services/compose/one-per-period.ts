import type { Period } from '../../schemas/period.ts';

/** What is pinned for a period's length is made once for each: its mappings, its cap. */
export function onePerPeriod<T>(build: (period: Period) => T): (period: Period) => T {
  const built = new Map<Period, T>();
  return (period) => {
    const made = built.get(period) ?? build(period);
    built.set(period, made);
    return made;
  };
}
