import type { Category } from '../../schemas/cell-names.ts';
import { LANES, type Lane } from '../../schemas/slot.ts';
import { CATEGORY_TABLE, GROUPS } from './categories.ts';

/**
 * How many slots a site has in each lane: what it can add to a release at most (PRIVACY.md section 3). Ingest fills no
 * more, and the noise of a release rests on it. 24 together.
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

const LANE_OF = new Map(Object.entries(CATEGORY_TABLE).map(([name, { group }]) => [name, GROUPS[group].lane]));

/** The lane that models of the category are in; null for those that are in no release. */
export function laneOf(category: Category): Lane | null {
  return LANE_OF.get(category) ?? null;
}

/** Whether a word of a block's line is a lane's: that of a slot, and not of a fact. */
export function isLane(word: string): word is Lane {
  return (LANES as readonly string[]).includes(word);
}
