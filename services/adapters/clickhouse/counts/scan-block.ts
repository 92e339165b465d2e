import { MAX_BOUNDED, MAX_FACT_COUNT, VIEWS } from '../../../../schemas/fact.ts';
import { Period } from '../../../../schemas/period.ts';
import { CATEGORIES } from '../../../../schemas/report.ts';
import { periodNumber } from '../../../core/period.ts';
import type { Block } from '../../../ports/block.ts';

const OPEN = 0x5b;
const CLOSE = 0x5d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_NAME = 64;
const MAX_KEY = 2 ** 53 - 1;

/** The bytes of NAME_PATTERN: letters, digits, blank and `._+/()!&,-`. */
const NAME_BYTES = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._+/()!&,-')
  NAME_BYTES[character.charCodeAt(0)] = 1;

const VIEW_WORDS = wordsOf(VIEWS);
const CATEGORY_WORDS = wordsOf(['', ...CATEGORIES]);

/**
 * True when the block is byte for byte what the writer emits: each line
 * `[period,"view","platform","category","vendor","model",key,count,bounded,version]` and one `\n`, the block's period,
 * known views and categories, names of safe characters, whole numbers in range without leading zeros, as many lines as
 * the header says. A block is appended to an SQL statement by the embedded store, so nothing else may pass.
 */
export function isCleanBlock(block: Block): boolean {
  const { bytes, facts } = block;
  // Of a text that is no period the number is NaN, which is no number either: it would be looked for as `[NaN,`.
  if (!Period.safeParse(block.period).success) return false;
  const period = Buffer.from(`${OPENING}${periodNumber(block.period)},`, 'latin1');
  let at = 0;
  let lines = 0;
  while (at < bytes.length) {
    at = cleanLine(bytes, at, period);
    if (at < 0) return false;
    lines++;
  }
  return lines === facts && lines > 0;
}

const OPENING = String.fromCharCode(OPEN);

/** The offset after the line that begins at `at`, or -1. */
function cleanLine(bytes: Uint8Array, start: number, period: Uint8Array): number {
  let at = start;
  for (const byte of period) if (bytes[at++] !== byte) return -1;
  if ((at = word(bytes, at, VIEW_WORDS)) < 0) return -1;
  if ((at = name(bytes, at)) < 0) return -1;
  if ((at = word(bytes, at, CATEGORY_WORDS)) < 0) return -1;
  if ((at = name(bytes, at)) < 0) return -1;
  if ((at = name(bytes, at)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_KEY, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_FACT_COUNT, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_BOUNDED, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_KEY, CLOSE)) < 0) return -1;
  return bytes[at] === NEWLINE ? at + 1 : -1;
}

/** A quoted name and its comma. */
function name(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== QUOTE) return -1;
  let at = start + 1;
  while (NAME_BYTES[bytes[at] ?? 0] === 1) at++;
  if (at - start - 1 > MAX_NAME || bytes[at] !== QUOTE || bytes[at + 1] !== COMMA) return -1;
  return at + 2;
}

/** One of a few known words, quoted, and its comma. */
function word(bytes: Uint8Array, start: number, words: ReadonlyMap<number, readonly Uint8Array[]>): number {
  for (const candidate of words.get(bytes[start + 1] ?? 0) ?? []) {
    let i = 0;
    while (i < candidate.length && bytes[start + i] === candidate[i]) i++;
    if (i === candidate.length) return start + i;
  }
  return -1;
}

/** A whole number of at most 16 digits and `max`, and the byte after it. */
function integer(bytes: Uint8Array, start: number, max: number, end: number): number {
  let at = start;
  let value = 0;
  // The digit's value first: near 2^53 the sum with the byte itself would be rounded.
  for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0)
    value = value * 10 + (byte - ZERO);
  const digits = at - start;
  if (digits === 0 || digits > 16 || value > max) return -1;
  if (digits > 1 && bytes[start] === ZERO) return -1;
  return bytes[at] === end ? at + 1 : -1;
}

/** Quoted words with their comma, by the first byte after the quote. */
function wordsOf(words: readonly string[]): ReadonlyMap<number, readonly Uint8Array[]> {
  const map = new Map<number, Uint8Array[]>();
  for (const text of words) {
    const quoted = Buffer.from(`"${text}",`, 'latin1');
    const first = quoted[1] as number;
    map.set(first, [...(map.get(first) ?? []), quoted]);
  }
  return map;
}

export function firstUncleanBlock(blocks: readonly Block[], period: Period): number {
  return blocks.findIndex((block) => block.period !== period || !isCleanBlock(block));
}
