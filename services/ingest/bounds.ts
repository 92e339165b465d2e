import { MAX_BOUNDED } from '../../schemas/fact.ts';
import type { Category } from '../../schemas/report.ts';

export { type BoundGroup, boundGroup, MODEL_BOUNDS, VENDOR_BOUND } from '../core/bounds.ts';

/** What bounding needs to know of a fact; `key` breaks ties. */
export interface Boundable {
  readonly category: Category | '';
  readonly count: number;
  readonly key: number;
}

/** The first `most` of those with a count: largest counts win, ties by key. */
export function largest<T extends Boundable>(facts: readonly T[], most: number): T[] {
  const counted = facts.filter((fact) => fact.count > 0);
  // Nearly every site has fewer than the bound: sorting would change nothing.
  if (counted.length <= most) return counted;
  return counted.sort((a, b) => b.count - a.count || a.key - b.key).slice(0, most);
}

/** A model's contribution inside the bound: phones up to {@link MAX_BOUNDED}, presence for everything else. */
export function boundedCount(fact: Boundable): number {
  return fact.category === 'phone' ? Math.min(fact.count, MAX_BOUNDED) : 1;
}
