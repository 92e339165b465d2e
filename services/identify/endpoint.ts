import type { Category } from '../../schemas/report.ts';
import { clean } from './clean.ts';
import type { Identity } from './identity.ts';
import { listed } from './listed.ts';
import { findInPair } from './personal-data.ts';
import type { Match, RuleSet } from './rules.ts';
import { EMPTY, PERSONAL, unlistedUserAgent } from './unlisted.ts';
import type { Vendors } from './vendors.ts';

/** A hardware address that some provisioning clients put before the User-Agent. */
const LEADING_ADDRESS = /^(?:[0-9a-f]{12}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2})[ ;,_/-]+/i;

/** A User-Agent: the part that a rule names, or what may travel of it. */
export function identifyUserAgent(text: string, rules: RuleSet, vendors: Vendors): Identity {
  const cleaned = clean(text);
  if (cleaned === '') return EMPTY;
  const name = cleaned.replace(LEADING_ADDRESS, '');
  const found = rules.match(name);
  return found ? listed(found) : unlistedUserAgent(name, vendors);
}

/** A version right behind the name, as User-Agents have it and names do not. */
const VERSION = /^[ /_.-]*(?:sw ?|fw ?|v\.? ?|ver\.? ?|ua\/)?[0-9]{1,3}[._][0-9]/i;

/**
 * A line's vendor and model; undefined when no rule knows them. A name with an identifier glued to it is refused,
 * while a whole User-Agent in `model` (its version shows) is read as one and loses its tail.
 */
export function identifyEndpointLine(
  category: Category,
  vendorText: string,
  model: string,
  rules: RuleSet,
  vendors: Vendors,
): Identity | undefined {
  const vendor = vendorText === '' ? undefined : vendors.find(vendorText);
  if (vendor !== undefined && model === '') return { kind: 'listed', category, vendor, model: '' };
  const found = bestMatch(rules, textsOf(vendor, vendorText, model), { category, vendor, model });
  if (!found) return undefined;
  if (findInPair(vendorText, model) && !VERSION.test(found.text.slice(found.match.end - 1))) return PERSONAL;
  return listed(found.match, category);
}

function textsOf(vendor: string | undefined, vendorText: string, model: string): string[] {
  if (vendorText === '') return [model];
  const written = `${vendorText} ${model}`.trim();
  return vendor === undefined ? [written] : [`${vendor} ${model}`, model, written];
}

interface Wanted {
  readonly category: Category;
  readonly vendor: string | undefined;
  readonly model: string;
}

/** The match that gives back what was sent, so that a canonical name stays what it is; otherwise the first. */
function bestMatch(
  rules: RuleSet,
  texts: readonly string[],
  wanted: Wanted,
): { match: Match; text: string } | undefined {
  let first: { match: Match; text: string } | undefined;
  for (const text of texts) {
    const match = rules.match(text);
    if (!match) continue;
    const same = match.vendor === wanted.vendor && match.model === wanted.model && match.category === wanted.category;
    if (same) return { match, text };
    first ??= { match, text };
  }
  return first;
}
