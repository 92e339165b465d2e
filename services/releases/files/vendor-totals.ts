import type { VendorTotal } from '../../../schemas/release-file.ts';
import type { Published } from '../numbers/published.ts';
import { vendorPhones } from '../numbers/vendor-phones.ts';

/** What the published cells say of each phone maker, by name: its own number of sites and the sum of its models' phones. */
export function vendorTotals(published: Published): VendorTotal[] {
  const makers = published.cells.filter(({ query }) => query === 'phone_vendor' || query === 'phone_model');
  return [...new Set(makers.map(({ vendor }) => vendor))].sort().map((vendor) => {
    const own = makers.find((cell) => cell.query === 'phone_vendor' && cell.vendor === vendor);
    return {
      vendor,
      sites: own?.sites ?? null,
      sitesMargin: own?.sitesMargin ?? null,
      ...vendorPhones(published, vendor),
    };
  });
}
