import { linesOf, withoutEscapes } from '../text.ts';
import { amiText } from './ami-text.ts';
import { astdb } from './astdb.ts';
import { pjsipContact, sipPeer } from './details.ts';
import { jsonRows } from './json-rows.ts';
import { kamailioJson } from './kamailio.ts';
import { type Known, list } from './list.ts';
import type { Read, Reader } from './registration.ts';
import { sofiaText, sofiaXml } from './sofia.ts';
import { table } from './table.ts';
import { unknownFormat } from './unread.ts';
import { checkWrongOutput } from './wrong-outputs.ts';

/** A row of the astdb has about 600 characters and may hold a User-Agent of 3,000; nothing sensible is longer. */
const MAX_LINE = 16 * 1024;

/** In the order in which they are tried: those that cannot be taken for another come first. */
const READERS: readonly Reader[] = [
  jsonRows,
  kamailioJson,
  sofiaXml,
  amiText,
  astdb,
  sofiaText,
  pjsipContact,
  sipPeer,
  table,
];

/**
 * The registered endpoints of a pasted or saved text, in whichever of the formats it is. `kindOf` is what the
 * catalogue says of a User-Agent. Throws Unread for a text that gives no phones and is not empty: then the caller must not
 * report a site without phones. What it does not read it never passes on.
 */
export function readRegistrations(text: string, nowMs: number, kindOf: (userAgent: string) => Known): Read {
  const all = linesOf(text);
  const lines = all.filter((line) => line.length <= MAX_LINE && line.trim() !== '');
  const tooLong = all.filter((line) => line.length > MAX_LINE).length;
  if (lines.length === 0 && tooLong === 0) return { format: 'empty', registrations: [], broken: 0 };
  const pasted = { text: withoutEscapes(text), lines, nowMs };
  for (const reader of READERS) {
    const read = reader(pasted);
    if (read) return { ...read, broken: read.broken + tooLong };
  }
  checkWrongOutput(pasted.text);
  const read = list(lines, kindOf);
  if (!read) throw unknownFormat();
  return { ...read, broken: read.broken + tooLong };
}
