import type { Catalog } from '../../schemas/catalog.ts';
import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import { nameKey, newestMappings, sameName } from '../core/mapping.ts';
import type { Identifier, Identity } from './identity.ts';
import { findInPair } from './personal-data.ts';
import { fold, Vendors } from './vendors.ts';

/** What a curator asks for. */
export interface WantedMapping {
  readonly from: DeviceName;
  /** Null takes the name's mapping back. */
  readonly to: DeviceName | null;
  /** The curator says that the maker is one the catalogue does not know. */
  readonly newVendor: boolean;
}

interface MappingFault {
  readonly pointer: '/model' | '/to' | '/to/vendor' | '/to/model';
  readonly reason: string;
}

export type Judgement =
  | { readonly rows: readonly { readonly from: DeviceName; readonly to: DeviceName | null }[] }
  | { readonly fault: MappingFault };

export interface JudgementDeps {
  /** The shipped rules in force now, without mappings. */
  readonly identifier: Identifier;
  readonly catalog: Catalog;
  /** Every mapping so far. */
  readonly mappings: readonly Mapping[];
}

/**
 * The rows that a mapping is stored as, or what is wrong with it. Rows are always flat, from a name to what it is in the
 * end, so that identification and the snapshot's query look up once: names that were mapped to `from` go along to `to`,
 * and a canonical name that no rule gives means itself.
 */
export function judgeMapping(wanted: WantedMapping, deps: JudgementDeps): Judgement {
  const { from, to } = wanted;
  const newest = newestMappings(deps.mappings);
  const fault = faultOfFrom(from, deps.identifier) ?? (to ? faultOfTo(to, wanted, deps, newest) : undefined);
  if (fault) return { fault };
  if (to === null) return takenBack(from, newest);
  const along = [...newest.values()].filter((known) => known.to && sameName(known.to, from)).map((known) => known.from);
  const rows = new Map([from, ...along].map((name) => [nameKey(name), { from: name, to }]));
  if (deps.identifier.line(to).kind !== 'listed') rows.set(nameKey(to), { from: to, to });
  return { rows: [...rows.values()] };
}

function takenBack(from: DeviceName, newest: ReadonlyMap<string, Mapping>): Judgement {
  if (!newest.get(nameKey(from))?.to) return { fault: { pointer: '/model', reason: 'not-mapped' } };
  const others = [...newest.values()].some(({ from: other, to }) => to && sameName(to, from) && !sameName(other, from));
  return others ? { fault: { pointer: '/model', reason: 'others-map-to-it' } } : { rows: [{ from, to: null }] };
}

/** Only what identification lets into the unlisted lane can be mapped: so nothing personal can be probed for. */
function faultOfFrom(from: DeviceName, identifier: Identifier): MappingFault | undefined {
  const identity = identifier.line(from);
  if (identity.kind === 'refused') return { pointer: '/model', reason: reasonOf(identity) };
  if (identity.kind === 'listed') return { pointer: '/model', reason: 'already-listed' };
  return sameName(identity, from) ? undefined : { pointer: '/model', reason: 'not-as-unlisted' };
}

function faultOfTo(
  to: DeviceName,
  { from, newVendor }: WantedMapping,
  { identifier, catalog, mappings }: JudgementDeps,
  newest: ReadonlyMap<string, Mapping>,
): MappingFault | undefined {
  const identity = identifier.line(to);
  if (identity.kind === 'refused') return { pointer: '/to', reason: reasonOf(identity) };
  if (!sameName(identity, to)) return { pointer: '/to', reason: 'not-canonical' };
  if (to.model === '') return { pointer: '/to/model', reason: 'model-needed' };
  if (identity.kind === 'listed') return undefined;
  if (to.vendor === '') return { pointer: '/to/vendor', reason: 'vendor-needed' };
  if (findInPair(to.vendor, to.model)) return { pointer: '/to', reason: 'personal-data' };
  const elsewhere = newest.get(nameKey(to))?.to;
  if (elsewhere && !sameName(elsewhere, to) && !sameName(to, from)) return { pointer: '/to', reason: 'is-mapped' };
  return vendorFault(to.vendor, newVendor, catalog, mappings);
}

/** Makers that curators added count as known from then on. */
function vendorFault(
  vendor: string,
  newVendor: boolean,
  catalog: Catalog,
  mappings: readonly Mapping[],
): MappingFault | undefined {
  const added = mappings.find(({ to }) => to && fold(to.vendor) === fold(vendor))?.to?.vendor;
  const known = new Vendors(catalog.vendors).find(vendor) ?? added;
  if (known === undefined) return newVendor ? undefined : { pointer: '/to/vendor', reason: 'unknown-vendor' };
  return known === vendor ? undefined : { pointer: '/to/vendor', reason: 'not-canonical' };
}

function reasonOf(identity: Identity & { readonly kind: 'refused' }): string {
  return identity.reason === 'empty' ? 'bad-name' : identity.reason;
}
