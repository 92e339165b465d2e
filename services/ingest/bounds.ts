import { MAX_BOUNDED } from '../../schemas/fact.ts';
import type { Group } from '../core/categories.ts';

/** What bounding needs to know of a fact; `key` breaks ties. */
export interface Boundable {
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

/** What a model of the group adds inside the bound: at most {@link MAX_BOUNDED} devices, or its presence. */
export function boundedCount({ adds }: Group, { count }: Boundable): number {
  return adds === 'devices' ? Math.min(count, MAX_BOUNDED) : 1;
}
