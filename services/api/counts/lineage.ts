import type { Catalog } from '../../../schemas/catalog.ts';
import { nameOf } from '../../identify/name.ts';
import { Vendors } from '../../identify/vendors.ts';

/** Who owns which brand, as the catalogue has it. */
export interface Lineage {
  /** Who owns the brand today; null when nobody else does. */
  ownerOf(vendor: string): string | null;
  /** The brands that it owns, those of brands it owns too. */
  brandsOf(vendor: string): string[];
}

export function lineageIn(catalog: Pick<Catalog, 'vendors'>): Lineage {
  const vendors = new Vendors(catalog.vendors);
  const names = catalog.vendors.map(({ name }) => nameOf(name)).sort();
  return {
    ownerOf(vendor) {
      const owner = vendors.owner(vendor);
      return owner === vendor ? null : owner;
    },
    brandsOf: (vendor) => names.filter((name) => name !== vendor && vendors.belongsTo(name, vendor)),
  };
}
