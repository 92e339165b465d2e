import { type Agreement, QUERY_NAMES, type QueryName } from '../../../schemas/release.ts';
import { hasColumn } from '../../core/view-rules.ts';
import type { Vendors } from '../../identify/vendors.ts';
import type { Published, PublishedCell } from '../numbers/published.ts';
import { queryNamed } from '../numbers/queries.ts';

/** Numbers under a brand's name. The numbers of a platform belong to the platform's maker. */
const OF_A_BRAND: readonly QueryName[] = QUERY_NAMES.filter((name) => hasColumn(queryNamed(name).view, 'vendor'));
const OF_A_PLATFORM: readonly QueryName[] = QUERY_NAMES.filter((name) => hasColumn(queryNamed(name).view, 'platform'));

/**
 * What the agreement's party may see of a period: cells under its brands' names and those of its platforms. It is cut
 * from the one published cube, so that slices laid side by side say no more than the cube. The size of the sample is in
 * every slice.
 */
export function sliceFor(agreement: Agreement, published: Published, vendors: Vendors): Published {
  const cells = published.cells.filter(
    (cell) => isOfItsBrands(cell, agreement, vendors) || isOfItsPlatforms(cell, agreement),
  );
  return { ...published, cells };
}

function isOfItsBrands({ query, vendor }: PublishedCell, agreement: Agreement, vendors: Vendors): boolean {
  if (vendor === '' || !OF_A_BRAND.includes(query)) return false;
  return agreement.vendors.some((own) => (agreement.lineage ? vendors.belongsTo(vendor, own) : vendor === own));
}

function isOfItsPlatforms({ query, platform }: PublishedCell, agreement: Agreement): boolean {
  return OF_A_PLATFORM.includes(query) && agreement.platforms.some((own) => isVersionOf(platform, own));
}

/** Cells name a platform with its major version: `FreePBX 17` is one of `FreePBX`, and of `FreePBX 17`. */
function isVersionOf(platform: string, own: string): boolean {
  return platform === own || (platform.startsWith(`${own} `) && /^[0-9]{1,3}$/.test(platform.slice(own.length + 1)));
}
