import type { Category } from '../../schemas/report.ts';
import type { Identity } from './identity.ts';
import { findInPair } from './personal-data.ts';
import type { Vendors } from './vendors.ts';

/** What may travel without the catalogue knowing it: PRIVACY.md section 5. */
const TRAVELS = /^[A-Za-z0-9 ._+/()-]{2,40}$/;

export const EMPTY: Identity = { kind: 'refused', reason: 'empty' };
export const BAD_NAME: Identity = { kind: 'refused', reason: 'bad-name' };
export const PERSONAL: Identity = { kind: 'refused', reason: 'personal-data' };
export const NOT_A_DEVICE: Identity = { kind: 'refused', reason: 'not-a-device' };

/** The quarantine lane: a clean name that no rule knows, or the reason why it may not even travel as that. */
export function unlisted(category: Category, vendor: string, model: string): Identity {
  if (findInPair(vendor, model)) return PERSONAL;
  if (!TRAVELS.test(model) || !/[A-Za-z]/.test(vendor + model) || (vendor !== '' && !TRAVELS.test(vendor)))
    return BAD_NAME;
  if (vendor === '' && SEVERAL_WORDS.test(model)) return BAD_NAME;
  return { kind: 'unlisted', category, vendor, model };
}

/** Words and nothing else, by themselves: as likely a person's name as a product's. */
const SEVERAL_WORDS = /^[A-Za-z]+(?:[ ._-]+[A-Za-z]+)+[.]?$/;

/** Where what a product calls itself ends: a version, a path, a comment, a list. */
const END_OF_NAME = /[/;,([{<"|]| +(?:v|ver|version|release|rel|build|rev|fw|sw|hw)?[. ]?[0-9]+[._][0-9]/i;

/** The part of an unknown User-Agent that may travel: the product's name, never its version or its comments. */
export function unlistedUserAgent(text: string, vendors: Vendors): Identity {
  const name = (text.split(END_OF_NAME, 1)[0] ?? '').replace(/[ ._-]+$/, '');
  if (name === '') return findInPair('', text) ? PERSONAL : BAD_NAME;
  const split = vendors.split(name);
  return split ? unlisted('phone', split.vendor, split.rest) : unlisted('phone', '', name);
}
