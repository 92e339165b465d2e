import type { Catalog } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import { buildIdentifier } from './identifier.ts';
import type { Identifier } from './identity.ts';

export type IdentifierOf = (period: Period) => Identifier;

/**
 * The identifier of each period, by the catalogue as shipped. Periods in which the same rules, cards and names are in
 * force share one: it takes longer to build than most months take to use it.
 */
export function identifiersOf(catalog: Catalog): IdentifierOf {
  const dates = datesOf(catalog);
  const built = new Map<string | undefined, Identifier>();
  return (period) => {
    const edition = dates.findLast((since) => since <= period);
    const identifier = built.get(edition) ?? buildIdentifier(catalog, period);
    built.set(edition, identifier);
    return identifier;
  };
}

/** Every month from which on something of the catalogue is in force, the earliest first. */
function datesOf({ rules, models, pci }: Catalog): string[] {
  const dated = [...rules.flatMap((file) => file.rules), ...models.flatMap(({ groups }) => groups), ...pci.cards];
  return [...new Set(dated.map(({ since }) => since))].sort();
}
