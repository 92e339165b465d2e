import type { QueryName, ReleaseCell, SlotSum } from '../../schemas/release.ts';
import type { Lane, SlotCell } from '../../schemas/slot.ts';
import { GROUPS } from './categories.ts';
import { cellKey } from './release-cell.ts';

/** What the slots of a period sum to, as its table counts them. */
export interface LaneSums {
  /** Of the newest row of each key: tokens with a platform, and tokens whose first phone slot stands at the cap. */
  readonly all: number;
  readonly atCap: number;
  /** Of each cell: distinct cell keys, and over them the largest amount of each. */
  readonly cells: readonly (SlotCell & { readonly sites: number; readonly amount: number })[];
  /** Of each maker: distinct cell keys, on whatever platform. */
  readonly makers: readonly { readonly vendor: string; readonly sites: number }[];
}

const QUERY_OF: ReadonlyMap<Lane, QueryName> = new Map([
  ['platforms', 'platform'],
  ['makers', 'platform_vendor'],
  ...Object.values(GROUPS).flatMap(({ lane, query }) => (lane && query ? [[lane, query] as const] : [])),
]);

/** With the month's cap: as a store freezes them. */
export interface FrozenSlots extends LaneSums {
  readonly cap: number;
}

/**
 * The exact numbers behind a release, for the cells of its list. Phones of a maker and of the fleet are sums of listed
 * models: there are no slots for them, which would join a site's models again.
 */
export function sumsOf({ all, atCap, cells, makers }: LaneSums, listed: readonly ReleaseCell[]): SlotSum[] {
  const known = new Set(listed.map(cellKey));
  const ofCells = cells
    .map(({ lane, platform, category, vendor, model, sites, amount }): SlotSum => {
      const query = QUERY_OF.get(lane) as QueryName;
      return { query, platform, category, vendor, model, sites, phones: query === 'phone_model' ? amount : 0 };
    })
    .filter((sum) => known.has(cellKey(sum)));
  const phonesOf = (vendor?: string) =>
    ofCells.reduce((sum, cell) => sum + (vendor === undefined || cell.vendor === vendor ? cell.phones : 0), 0);
  const one = (query: QueryName, sites: number, phones: number, vendor = ''): SlotSum => {
    return { query, platform: '', category: vendor === '' ? '' : 'phone', vendor, model: '', sites, phones };
  };
  return [
    one('all', all, phonesOf()),
    one('at_cap', atCap, 0),
    ...makers.map(({ vendor, sites }) => one('phone_vendor', sites, phonesOf(vendor), vendor)),
    ...ofCells,
  ];
}
