import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';
import { nameKey, newestMappings } from '../core/mapping.ts';
import type { Identifier, Identity } from './identity.ts';

/**
 * The identifier, with what curators made of unlisted names up to `period`. Only mappings with `since` not after it: a
 * month's names never change within it, so a mapping added in mid-month counts nothing twice, and a line is taken back
 * under the name that it was counted under.
 */
export function withMappings(identifier: Identifier, mappings: readonly Mapping[], period: Period): Identifier {
  const names = new Map<string, Identity>();
  for (const [key, { to }] of newestMappings(mappings.filter(({ since }) => since <= period)))
    if (to) names.set(key, listedAs(to));
  if (names.size === 0) return identifier;
  const relabel = (found: Identity): Identity =>
    found.kind === 'unlisted' || found.kind === 'proposed' ? (names.get(nameKey(found)) ?? found) : found;
  return {
    catalogue: identifier.catalogue,
    platform: (name, version) => identifier.platform(name, version),
    line: (line) => relabel(identifier.line(line)),
    raw: (kind, text) => relabel(identifier.raw(kind, text)),
  };
}

function listedAs({ category, vendor, model }: DeviceName): Identity {
  return { kind: 'listed', category, vendor, model };
}
