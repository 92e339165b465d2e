import type { Category } from '../../schemas/report.ts';

/**
 * How many models of each group one site may add to a release (PRIVACY.md section 3). `virtual` is in no release.
 * "endpoint" is every other kind of endpoint together. Ingest keeps these bounds; the noise of a release rests on them.
 */
export const MODEL_BOUNDS = { phone: 8, endpoint: 8, pci: 4, nic: 2, cpu: 1, memory: 1, board: 1, virtual: 0 } as const;
export type BoundGroup = keyof typeof MODEL_BOUNDS;

/** How many phone vendors one site may add to a release. */
export const VENDOR_BOUND = 4;

export function boundGroup(category: Category | ''): BoundGroup {
  return category in MODEL_BOUNDS ? (category as BoundGroup) : 'endpoint';
}
