import type { Category } from '../../schemas/report.ts';
import { clean } from './clean.ts';
import type { Identity } from './identity.ts';
import { identityOf } from './listed.ts';
import type { Names } from './names.ts';
import { findInPair } from './personal-data.ts';
import type { BrandAt, UserAgentText } from './reading.ts';
import type { Match, RuleSet } from './rules.ts';
import type { Shape } from './shape.ts';
import { BAD_NAME, EMPTY, isTooLong, NOT_A_DEVICE, PERSONAL, proposed } from './unlisted.ts';
import type { Vendors } from './vendors.ts';

/** What User-Agents are read with. */
export interface EndpointGrammar {
  readonly rules: RuleSet;
  readonly vendors: Vendors;
  readonly names: Names;
  readonly shape: Shape;
  readonly reading: UserAgentText;
}

/**
 * A User-Agent: the first product in it that a rule names. What stands before its brand is dropped (a wrapper, an address,
 * somebody's name), and so is what follows its name.
 */
export function identifyUserAgent(raw: string, grammar: EndpointGrammar): Identity {
  const cleaned = clean(raw);
  if (cleaned === '') return EMPTY;
  const text = grammar.reading.withoutAddress(cleaned);
  const first = grammar.rules.match(text);
  if (first && first.model !== '') return judged(first, text, grammar);
  if (first?.category === 'not-a-device') return NOT_A_DEVICE;
  return later(text, first, grammar);
}

/** A known model, a server by its own words, or a name to propose. */
function judged(match: Match, text: string, { names, reading }: EndpointGrammar): Identity {
  const identity = longest(identityOf(match, names), text.slice(match.end - 1), names);
  return identity.kind === 'proposed' && reading.isServer(reading.nameIn(text)) ? NOT_A_DEVICE : identity;
}

/** A word behind a name that may still be part of it; a version is none. */
const SUFFIX = /^[ _-]([a-z0-9+]{1,9})(?![a-z0-9+.])/i;
const MOST_SUFFIXES = 2;

/** The name with what follows it, where the list holds that one too: `CP-7941G-GE` is no `CP-7941G`. */
function longest(identity: Identity, behind: string, names: Names): Identity {
  if (identity.kind === 'refused') return identity;
  let found: Identity = identity;
  let model = identity.model;
  let rest = behind;
  for (let n = 0; n < MOST_SUFFIXES; n++) {
    const suffix = SUFFIX.exec(rest);
    if (!suffix) break;
    model += suffix[0];
    rest = rest.slice(suffix[0].length);
    found = names.find(identity.category, identity.vendor, model) ?? found;
  }
  return found;
}

/** The same from each brand on that stands further behind; a bare phone system behind somebody's name is none of ours. */
function later(text: string, first: Match | undefined, grammar: EndpointGrammar): Identity {
  const { rules, reading } = grammar;
  const brands = reading.brandsIn(text);
  let maker = first;
  for (const { at } of brands) {
    const match = at === 0 ? undefined : rules.match(text.slice(at));
    if (!match || match.category === 'mobile') continue;
    if (match.category === 'not-a-device') return NOT_A_DEVICE;
    if (match.model !== '' && (first === undefined || goesWith(first, match)))
      return judged(match, text.slice(at), grammar);
    maker ??= match;
  }
  if (reading.isServer(reading.nameIn(text))) return NOT_A_DEVICE;
  if (maker) return identityOf(maker, grammar.names);
  return unknownOf(text, brands, grammar);
}

/** A second product may say more of the first, as in `TANDBERG/529 (ce8) Cisco-SX20`; another maker's says nothing of it. */
function goesWith(first: Match, second: Match): boolean {
  return first.vendor === second.vendor || (first.vendor === 'Tandberg' && second.vendor === 'Cisco');
}

/** Behind a brand whose models no rule knows. */
function unknownOf(
  text: string,
  brands: readonly BrandAt[],
  { names, shape, reading, vendors }: EndpointGrammar,
): Identity {
  const brand = brands.find(({ whole }) => whole);
  if (!brand) return !isTooLong('', text) && findInPair('', text) ? PERSONAL : BAD_NAME;
  const name = reading.nameIn(reading.behind(text, brand));
  const makes = reading.kindOf(name, brand.makes);
  const known = names.find(makes, brand.vendor, name);
  if (known) return known;
  const more = vendors.split(name);
  return proposed(makes, brand.vendor, more?.vendor === brand.vendor ? more.rest : name, shape, {
    unknown: 0,
    alone: names.countsIn(brand.vendor) && 'digits',
  });
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
  grammar: EndpointGrammar,
): Identity | undefined {
  const { vendors, names, shape } = grammar;
  if (vendorText === '') return wholeText(model, grammar);
  const vendor = vendors.find(vendorText);
  if (vendor !== undefined && model === '') return { kind: 'listed', category, vendor, model: '' };
  const found = bestMatch(textsOf(vendor, vendorText, model), { category, vendor, model }, grammar);
  if (found) {
    if (findInPair(vendorText, model) && !VERSION.test(found.text.slice(found.match.end - 1))) return PERSONAL;
    return identityOf(found.match, names, category);
  }
  if (vendor === undefined) return undefined;
  if (isTooLong(vendorText, model)) return BAD_NAME;
  if (findInPair(vendorText, model)) return PERSONAL;
  return proposed(category, vendor, model, shape, { unknown: 0, alone: names.countsIn(vendor) && 'digits' });
}

/** A model without a vendor is read as a User-Agent; what no brand is in is nobody's name. */
function wholeText(model: string, grammar: EndpointGrammar): Identity | undefined {
  const identity = identifyUserAgent(model, grammar);
  return identity.kind === 'refused' && identity !== NOT_A_DEVICE ? undefined : identity;
}

function textsOf(vendor: string | undefined, vendorText: string, model: string): string[] {
  const written = `${vendorText} ${model}`.trim();
  return vendor === undefined ? [written] : [`${vendor} ${model}`, model, written];
}

interface Wanted {
  readonly category: Category;
  readonly vendor: string | undefined;
  readonly model: string;
}

/** The match that gives back what was sent, so that a canonical name stays what it is; otherwise the first with a model. */
function bestMatch(
  texts: readonly string[],
  wanted: Wanted,
  { rules }: EndpointGrammar,
): { match: Match; text: string } | undefined {
  let first: { match: Match; text: string } | undefined;
  for (const text of texts) {
    const match = rules.match(text);
    // A model by itself says nothing of other makers' phones, when the line names its maker.
    if (!match || (text === wanted.model && match.vendor !== wanted.vendor)) continue;
    const same = match.vendor === wanted.vendor && match.model === wanted.model && match.category === wanted.category;
    if (same) return { match, text };
    first ??= { match, text };
  }
  return first;
}
