import type { Category } from '../../schemas/report.ts';
import type { Lane } from '../../schemas/slot.ts';

/**
 * How many slots a site has in each lane: what it can add to a release at most (PRIVACY.md section 3). Ingest fills no
 * more, and the noise of a release rests on it. 24 together. `endpoints` is every other kind of endpoint.
 */
export const SLOTS: Readonly<Record<Lane, number>> = {
  platforms: 1,
  makers: 3,
  phones: 6,
  endpoints: 6,
  cards: 3,
  nics: 2,
  cpus: 1,
  memories: 1,
  boards: 1,
};

const LANE_OF: Partial<Record<Category, Lane>> = {
  phone: 'phones',
  pci: 'cards',
  nic: 'nics',
  cpu: 'cpus',
  memory: 'memories',
  board: 'boards',
};

/** The lane that a model of the category is in; undefined for `virtual`, which is in no release. */
export function laneOf(category: Category): Lane | undefined {
  return category === 'virtual' ? undefined : (LANE_OF[category] ?? 'endpoints');
}
