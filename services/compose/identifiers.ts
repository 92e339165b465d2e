import type { Catalog } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import type { Identifier } from '../identify/identity.ts';

export type IdentifierOf = (period: Period) => Identifier;

/** By the catalogue as shipped. */
export function identifiersOf(catalog: Catalog): IdentifierOf {
  return onePerPeriod((period) => buildIdentifier(catalog, period));
}

/** Rules are pinned for a period's length, so each period has its identifier. */
export function onePerPeriod(build: IdentifierOf): IdentifierOf {
  const built = new Map<Period, Identifier>();
  return (period) => {
    const identifier = built.get(period) ?? build(period);
    built.set(period, identifier);
    return identifier;
  };
}
