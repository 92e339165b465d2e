import { type Agreement, QUERY_NAMES, type QueryName, type ReleaseCell } from '../../../schemas/release.ts';
import type { Vendors } from '../../identify/vendors.ts';
import type { Published } from '../numbers/published.ts';
import type { Slice } from './release-order.ts';

/** Numbers that every party is given: how large the fleet is, and how much the caps hide. */
const OF_ALL: readonly QueryName[] = ['all', 'at_cap'];
/** Numbers under a brand's name. The numbers of a platform belong to the platform's maker. */
const OF_A_BRAND: readonly QueryName[] = QUERY_NAMES.filter((name) => name !== 'platform' && !OF_ALL.includes(name));
const OF_A_PLATFORM: readonly QueryName[] = ['platform', 'platform_vendor'];

/**
 * What the agreement's party may see of a period: cells under its brands' names and those of its platforms. It is cut
 * from the one published cube, so that slices laid side by side say no more than the cube.
 */
export function sliceFor(
  agreement: Agreement,
  { profile, cap, largeEnough, ...published }: Published,
  vendors: Vendors,
): Slice {
  const own = (cell: ReleaseCell) => isOwn(cell, agreement, vendors);
  const cells = published.cells.filter((cell) => OF_ALL.includes(cell.query) || own(cell));
  const coverage = published.coverage
    .filter(({ query }) => !OF_ALL.includes(query))
    .map(({ query, from, listed }) => ({
      ...{ query, from },
      listed: listed.filter(own).length,
      published: cells.filter((cell) => cell.query === query).length,
    }))
    .filter(({ listed }) => listed > 0);
  return { profile, cap, largeEnough, cells, coverage };
}

function isOwn(cell: ReleaseCell, agreement: Agreement, vendors: Vendors): boolean {
  return isOfItsBrands(cell, agreement, vendors) || isOfItsPlatforms(cell, agreement);
}

function isOfItsBrands({ query, vendor }: ReleaseCell, agreement: Agreement, vendors: Vendors): boolean {
  if (vendor === '' || !OF_A_BRAND.includes(query)) return false;
  return agreement.vendors.some((own) => (agreement.lineage ? vendors.belongsTo(vendor, own) : vendor === own));
}

function isOfItsPlatforms({ query, platform }: ReleaseCell, agreement: Agreement): boolean {
  return OF_A_PLATFORM.includes(query) && agreement.platforms.some((own) => isVersionOf(platform, own));
}

/** Cells name a platform with its major version: `FreePBX 17` is one of `FreePBX`, and of `FreePBX 17`. */
function isVersionOf(platform: string, own: string): boolean {
  return platform === own || (platform.startsWith(`${own} `) && /^[0-9]{1,3}$/.test(platform.slice(own.length + 1)));
}
