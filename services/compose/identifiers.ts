import type { Catalog } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import type { Identifier } from '../identify/identity.ts';

export type IdentifierOf = (period: Period) => Identifier;

/** By the catalogue as shipped. */
export function identifiersOf(catalog: Catalog): IdentifierOf {
  return onePerPeriod((period) => buildIdentifier(catalog, period));
}

/** What is pinned for a period's length is made once for each: its identifier, its cap. */
export function onePerPeriod<T>(build: (period: Period) => T): (period: Period) => T {
  const built = new Map<Period, T>();
  return (period) => {
    const made = built.get(period) ?? build(period);
    built.set(period, made);
    return made;
  };
}
