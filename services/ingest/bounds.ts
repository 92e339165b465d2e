import { MAX_BOUNDED } from '../../schemas/fact.ts';
import type { Category } from '../../schemas/report.ts';

/** What bounding needs to know of a fact; `key` breaks ties. */
export interface Boundable {
  readonly category: Category | '';
  readonly count: number;
  readonly key: number;
}

/**
 * How many models of each group one site may add to a release (PRIVACY.md section 3). `virtual` is in no release.
 * "endpoint" is every other kind of endpoint together.
 */
export const MODEL_BOUNDS = { phone: 8, endpoint: 8, pci: 4, nic: 2, cpu: 1, memory: 1, board: 1, virtual: 0 } as const;
export type BoundGroup = keyof typeof MODEL_BOUNDS;

/** How many phone vendors one site may add to a release. */
export const VENDOR_BOUND = 4;

export function boundGroup(category: Category | ''): BoundGroup {
  return category in MODEL_BOUNDS ? (category as BoundGroup) : 'endpoint';
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
