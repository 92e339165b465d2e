import type { QueryName } from '../../../schemas/release.ts';
import type { Lane } from '../../../schemas/slot.ts';
import { capsOf } from '../../core/caps.ts';
import { SLOTS } from '../../core/lanes.ts';

/** A number that a release gives of each cell of a query: what one token can do to it, and the noise that hides it. */
export interface Measure {
  readonly title: string;
  /** L2 bound squared: the largest sum, over all cells, of squared changes that one token makes. */
  readonly boundSquared: number;
  /** Of the noise, s^2: an integer. */
  readonly variance: number;
}

/** One question of a release. */
export interface Query {
  readonly name: QueryName;
  /** The lane whose slots fill its cells. */
  readonly lane: Lane;
  readonly sites: Measure;
  readonly phones: Measure | null;
}

/** What phones cost: their noise follows from it and from the month's cap. */
const PHONES_RHO = { models: 0.03, makers: 0.0365, total: 0.012 } as const;

/** The table of queries, in the order of a release, for a month whose first phone slot counts `cap` phones at most. */
export function queriesAt(cap: number): readonly Query[] {
  const caps = capsOf(cap);
  const squares = caps.reduce((sum, most) => sum + most ** 2, 0);
  // A site whose models are all of one maker: any mix of slots moves one cell by their sum at most.
  const together = caps.reduce((sum, most) => sum + most, 0) ** 2;
  return [
    { ...query('all', 'platforms', 'all sites', 200), phones: phones('all phones', together, PHONES_RHO.total) },
    // Only the first slot's cap is the cap: a token is in it once.
    {
      ...query('at_cap', 'phones', 'sites that stand at the cap', 400),
      sites: sites('sites that stand at the cap', 1, 400),
    },
    query('platform', 'platforms', 'sites by platform', 64),
    query('platform_vendor', 'makers', 'sites by platform and phone vendor', 100),
    {
      ...query('phone_vendor', 'makers', 'sites by phone vendor', 150),
      phones: phones('phones by vendor', together, PHONES_RHO.makers),
    },
    {
      ...query('phone_model', 'phones', 'sites by phone model', 40),
      phones: phones('phones by model', squares, PHONES_RHO.models),
    },
    query('endpoint_model', 'endpoints', 'sites by model of other endpoints', 120),
    query('pci_model', 'cards', 'sites by telephony card (PCI) model', 144),
    query('nic_model', 'nics', 'sites by network card model', 108),
    query('cpu', 'cpus', 'sites by CPU', 100),
    query('memory', 'memories', 'sites by memory size', 100),
    query('board', 'boards', 'sites by motherboard', 100),
  ];
}

/** Every number that costs privacy. */
export function measuresAt(cap: number): readonly Measure[] {
  return queriesAt(cap).flatMap((q) => (q.phones ? [q.sites, q.phones] : [q.sites]));
}

export function queryNamed(name: QueryName, cap: number): Query {
  const found = queriesAt(cap).find((query) => query.name === name);
  if (!found) throw new RangeError('no such query');
  return found;
}

/** A token adds 1 to at most as many cells as its lane has slots. */
function query(name: QueryName, lane: Lane, title: string, variance: number): Query {
  return { name, lane, sites: sites(title, SLOTS[lane], variance), phones: null };
}

function sites(title: string, boundSquared: number, variance: number): Measure {
  return { title, boundSquared, variance };
}

/** Up to a whole variance: never more privacy than it is to cost. */
function phones(title: string, boundSquared: number, rho: number): Measure {
  return { title, boundSquared, variance: Math.ceil(boundSquared / (2 * rho)) };
}
