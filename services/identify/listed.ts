import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';
import type { Names } from './names.ts';
import { findPersonalData } from './personal-data.ts';
import type { Match } from './rules.ts';
import { NOT_A_DEVICE, PERSONAL } from './unlisted.ts';

/**
 * The identity a rule's match stands for: listed when the list holds its name, otherwise proposed. A line's category
 * (`given`) is kept where the catalogue says that the device is honestly both. A rule whose groups are too wide must not
 * let an identifier through: a name that is not listed is judged by the guard, unless its rule is too narrow for anything
 * personal and its names look like serial numbers (`guarded`).
 */
export function identityOf(match: Match, names: Names, given?: Category, guarded = true): Identity {
  if (match.category === 'not-a-device' || match.category === 'platform') return NOT_A_DEVICE;
  const category = given !== undefined && match.also.includes(given) ? given : match.category;
  if (match.model === '') return { kind: 'listed', category, vendor: match.vendor, model: '' };
  const known = names.find(category, match.vendor, match.model);
  if (known) return known;
  if (guarded && findPersonalData(`${match.vendor} ${match.model}`)) return PERSONAL;
  return { kind: 'proposed', category, vendor: match.vendor, model: match.model };
}
