import { clean } from './clean.ts';
import { hasHardwareAddress } from './hardware-address.ts';
import { hasHostName } from './host-name.ts';

/** What kind of personal data a text seems to hold. Only the kind is ever reported, never the text. */
export type Finding = 'hardware-address' | 'address' | 'e-mail' | 'uri' | 'host' | 'serial' | 'phone-number' | 'person';

/**
 * The personal-data guard (PRIVACY.md section 5): whether a text that would travel holds something that could lead to
 * a person or a site. Errs on the side of refusing: catalogue names are judged by rules, not by this. Linear in the
 * text, which is cut to 512 characters first.
 */
export function findPersonalData(text: string): Finding | undefined {
  return findIn(clean(text));
}

function findIn(cleaned: string): Finding | undefined {
  const digits = countDigits(cleaned);
  const spelled = digits >= FEWEST_DISGUISED ? withDigits(cleaned) : cleaned;
  for (const [finding, detect, least] of DETECTORS)
    if (digits >= least && (detect(cleaned, digits) || (spelled !== cleaned && detect(spelled, digits))))
      return finding;
  return undefined;
}

/** How many characters are digits or pass for one: what a detector that needs more is not asked. */
function countDigits(text: string): number {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const lower = code | 0x20;
    if ((code >= 0x30 && code <= 0x39) || lower === 0x6f || lower === 0x69 || lower === 0x6c) digits++;
  }
  return digits;
}

const FEWEST_DISGUISED = 3;

/** With the letters that pass for digits (`O3O-577O9166`) read as digits, in tokens of nothing else. */
function withDigits(text: string): string {
  return text.replace(/(?<![a-z0-9])[0-9oil]{3,}(?![a-z0-9])/gi, (token) =>
    token.replace(/o/gi, '0').replace(/[li]/gi, '1'),
  );
}

/** The same for the two halves of a name: an identifier may be cut in two between them. */
export function findInPair(vendor: string, model: string): Finding | undefined {
  const a = clean(vendor);
  const b = clean(model);
  if (a === '') return findIn(b);
  return findIn(`${a} ${b}`) ?? findIn(a + b);
}

/** Each with the fewest digits that its finding has. */
const DETECTORS: readonly (readonly [Finding, (text: string, digits: number) => boolean, number])[] = [
  ['e-mail', (t) => t.includes('@') && /[^\s@]@[^\s@]/.test(t), 0],
  ['uri', (t) => t.includes(':') && /(?:^|[^a-z])(?:sips?|tel|https?|mailto|callto|xmpp|ftp) ?:/i.test(t), 0],
  ['hardware-address', hasHardwareAddress, 0],
  ['address', hasIpAddress, 0],
  ['phone-number', hasPhoneNumber, 7],
  ['serial', hasSerial, 0],
  ['host', hasHostName, 0],
  ['person', namesPerson, 0],
];

/** Four decimal groups up to 255, however separated (`ip-10-0-0-5`); or hex groups between colons. */
function hasIpAddress(text: string, digits: number): boolean {
  if (text.includes(':') && /(?:^|[^0-9a-z])[0-9a-f]{0,4}:[0-9a-f]{0,4}:/i.test(text)) return true;
  if (digits < 4) return false;
  for (const found of text.matchAll(
    /(?<![0-9])([0-9]{1,3})[.,_ -]([0-9]{1,3})[.,_ -]([0-9]{1,3})[.,_ -]([0-9]{1,3})(?![0-9])/g,
  ))
    if (found.slice(1).every((group) => Number(group) <= 255)) return true;
  return false;
}

/** `8100/8101`: numbers of one length, none with a trunk zero. */
const MODEL_LIST = /^(?:[1-9][0-9]{3,4}(?:\/[1-9][0-9]{3,4})+)$/;

/**
 * Seven digits or more, with the separators people write between them. A run glued to a letter is a model
 * (`RTL8111/8168/8411`) unless what follows the glued group is a number by itself.
 */
function hasPhoneNumber(text: string): boolean {
  for (const found of text.matchAll(/(?<![0-9])[0-9](?:[ .()/_-]{0,3}[0-9]){6,}/g)) {
    const run = found[0];
    if (/[0-9]{7}/.test(run)) return true;
    if (MODEL_LIST.test(run)) continue;
    const glued = /[a-z]/i.test(text[found.index - 1] ?? '');
    const rest = glued ? run.replace(/^[0-9]+/, '') : run;
    if (glued && /^[0-9/]*$/.test(rest)) continue;
    if (rest.replace(/[^0-9]/g, '').length >= 7) return true;
  }
  return false;
}

const LABEL =
  /(?:^|[^a-z])(?:s\/n|sn|serial(?: ?(?:no|number|num|nr))?|mac|dev ?id|device ?id|imei|imsi|uuid|guid|asset(?: ?tag)?|service ?tag|ext(?:ension|n)?|user(?: ?name)?|owner|station ?name|display ?name|kunde|fax|durchwahl) ?[.]?(?:[:=#]|\/ ?(?=[^/]*[0-9])| (?=[a-z-]*[0-9][0-9oil])|[-_](?=[a-z]{0,4}[0-9oil]{5}))/i;

/** Labelled serials, 10 to 12 characters in parentheses, and long tokens that are mostly digits. */
function hasSerial(text: string, digits: number): boolean {
  if (LABEL.test(text)) return true;
  if (digits === 0) return false;
  for (const [, inside] of text.matchAll(/[([{]([a-z0-9]{10,12})[)\]}]/gi)) if (/[0-9]/.test(inside!)) return true;
  if (digits < SERIAL_DIGITS) return false;
  for (const [token] of text.matchAll(/[a-z0-9]{9,}/gi))
    if (token.replace(/[^0-9]/g, '').length >= SERIAL_DIGITS) return true;
  return false;
}

const SERIAL_DIGITS = 6;

const DEVICE =
  '(?:i[ _-]?phone|i[ _-]?pad|i[ _-]?pod|i[ _-]?mac|mac[ _-]?book|galaxy|pixel|laptop|notebook|desktop|handy|telefon|phone|mobile|pc)';
/** From its end: from its beginning a long word without an apostrophe would be read again from each of its letters. */
const POSSESSIVE = /\p{L}(?:'s|s')(?![a-z])/iu;
const OWNED_DEVICE =
  /i[ _-]?phone|i[ _-]?pad|i[ _-]?mac|mac[ _-]?book|(?:pc|laptop|notebook|computer|desktop|handy|telefon)(?![a-z])/gi;
/** Before Apple's devices any word is an owner; before others only one in the genitive. */
const OWNER = /(?:^|[^a-z])(?!apple|samsung|google|huawei)[a-z]{2,}[ _-]{1,3}$/i;
/** Words that stand before machines of all makers: no owners, and an owner may stand before them. */
const KIND = '(?:business|series|wireless|express|access|class|systems|windows)';
const GENITIVE = new RegExp(`(?:^|[^a-z])(?!${KIND}[ _-])[a-z]{2,}s[ _-]{1,3}(?:${KIND}[ _-]{1,3})?$`, 'i');
const LONGEST_OWNER = 32;

/** Looked for from the device on, backwards and not far: every word may be an owner, few are devices. */
function isOwned(text: string): boolean {
  for (const device of text.matchAll(OWNED_DEVICE)) {
    const before = text.slice(Math.max(0, device.index - LONGEST_OWNER), device.index);
    if ((/^[im]/i.test(device[0]) ? OWNER : GENITIVE).test(before)) return true;
  }
  return false;
}

const DEVICE_OF = new RegExp(`${DEVICE}[ _-](?:von|vom|de|di|du|of|van|av|fra|od|da)[ _-][a-z]`, 'i');

/** `Bob's phone`, `Bobs iPhone`, `iPhone von Bob`, `Mr. Smith`: how people name what is theirs. */
function namesPerson(text: string): boolean {
  return (
    (text.includes("'") && POSSESSIVE.test(text)) ||
    isOwned(text) ||
    DEVICE_OF.test(text) ||
    /(?:^|[^a-z])(?:mr|mrs|ms|dr|prof|herr|frau|mme|sr|sra)[. ] ?[a-z]/i.test(text)
  );
}
