import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';
import type { Names } from './names.ts';
import type { Match } from './rules.ts';
import { NOT_A_DEVICE, PERSONAL } from './unlisted.ts';

/**
 * The identity a rule's match stands for: listed when the list holds its name, otherwise proposed. A line's category
 * (`given`) is kept where the catalogue says that the device is honestly both.
 */
export function identityOf(match: Match, names: Names, given?: Category): Identity {
  if (match.category === 'not-a-device' || match.category === 'platform') return NOT_A_DEVICE;
  const category = given !== undefined && match.also.includes(given) ? given : match.category;
  if (match.model === '') return { kind: 'listed', category, vendor: match.vendor, model: '' };
  const known = names.find(category, match.vendor, match.model);
  if (known) return known;
  if (match.personal) return PERSONAL;
  return { kind: 'proposed', category, vendor: match.vendor, model: match.model };
}
