import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';
import type { Match } from './rules.ts';
import { NOT_A_DEVICE, PERSONAL } from './unlisted.ts';

/**
 * The identity a rule's match stands for. A line's category (`given`) is kept
 * where the rule says that the device is honestly both.
 */
export function listed(match: Match, given?: Category): Identity {
  if (match.category === 'not-a-device' || match.category === 'platform') return NOT_A_DEVICE;
  if (match.personal) return PERSONAL;
  const category = given !== undefined && match.also.includes(given) ? given : match.category;
  return { kind: 'listed', category, vendor: match.vendor, model: match.model };
}
