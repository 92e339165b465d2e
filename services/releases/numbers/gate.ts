import type { NoisedCell, Profile, QueryName } from '../../../schemas/release.ts';
import { tailAtLeast } from './gaussian-tail.ts';
import type { Query } from './queries.ts';

/** In the threshold profile no cell of fewer sites is released, whatever an installation's threshold. */
const LEAST_SITES = 10;
/** Phones are shown where their cell's sites, at last month's phones for a site, make this many standard deviations. */
export const PHONE_SIGMAS = 3;
/** Fewer than one cell that no site has is published in so many releases, by expectation. */
export const RELEASES_PER_FALSE_CELL = 20;
/** k is a multiple of a tenth. */
const STEP = 0.1;

/** Queries whose one number is shown whatever it is: there is nothing to choose. */
export const ALWAYS_SHOWN: readonly QueryName[] = ['all', 'at_cap'];

/**
 * What part of that one false cell each query may take. They add up to 1; most is for phone models, which releases are
 * read for, and a query with a long list and few readers pays for its length itself.
 */
const PART: Readonly<Record<Exclude<QueryName, 'all' | 'at_cap'>, number>> = {
  platform: 0.05,
  platform_vendor: 0.15,
  phone_vendor: 0.05,
  phone_model: 0.4,
  endpoint_model: 0.1,
  pci_model: 0.05,
  nic_model: 0.05,
  cpu: 0.05,
  memory: 0.05,
  board: 0.05,
};

/**
 * How many standard deviations of its noise a number of sites must reach to be published: the least k, in tenths, for
 * which the query's part of a false cell is not passed, by the whole-number noise that is drawn. It depends on the
 * length of the public list and on nothing else.
 */
export function sigmasFor({ name, sites: { variance } }: Query, listed: number): number {
  if (name === 'all' || name === 'at_cap') return 0;
  const asked = `${name} ${variance} ${listed}`;
  const known = found.get(asked) ?? leastSigmas(name, variance, listed);
  found.set(asked, known);
  return known;
}

/** There are few lists and variances, and each release asks for all of them. */
const found = new Map<string, number>();

function leastSigmas(name: keyof typeof PART, variance: number, listed: number): number {
  const most = PART[name] / RELEASES_PER_FALSE_CELL;
  for (let tenths = 10; ; tenths++) {
    const sigmas = Math.round(tenths) * STEP;
    if (listed * tailAtLeast(variance, gateOf(sigmas, variance)) < most) return tenths / 10;
  }
}

/** Cells of each query in the list that was noised. */
export function lengths(cells: readonly Pick<NoisedCell, 'query'>[]): ReadonlyMap<QueryName, number> {
  const found = new Map<QueryName, number>();
  for (const { query } of cells) found.set(query, (found.get(query) ?? 0) + 1);
  return found;
}

/** The smallest number that is published. */
export function gateOf(sigmas: number, variance: number): number {
  return Math.ceil(sigmas * Math.sqrt(variance) - 1e-9);
}

/** The fewest sites of a published cell: in the threshold profile exact ones, else noised ones. */
export function leastPublished(
  query: Query,
  { profile, listed, threshold }: { readonly profile: Profile; readonly listed: number; readonly threshold: number },
): number {
  if (ALWAYS_SHOWN.includes(query.name)) return 0;
  if (profile === 'threshold') return Math.max(LEAST_SITES, threshold);
  return gateOf(sigmasFor(query, listed), query.sites.variance);
}
