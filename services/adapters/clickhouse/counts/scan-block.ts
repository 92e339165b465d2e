import { MAX_FACT_COUNT, VIEWS } from '../../../../schemas/fact.ts';
import { Period } from '../../../../schemas/period.ts';
import { CATEGORIES } from '../../../../schemas/report.ts';
import { LANES, MAX_CAP } from '../../../../schemas/slot.ts';
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
const LANE_WORDS = wordsOf(LANES);
const CATEGORY_WORDS = wordsOf(['', ...CATEGORIES]);

/** What a clean block holds, in the form of two tables. */
export interface ScannedBlock {
  readonly facts: Uint8Array;
  readonly slots: Uint8Array;
}

/**
 * The block's lines, when it is byte for byte what the writer emits: first facts,
 * `[period,"view","platform","category","vendor","model",key,count,version]`, then slots,
 * `[period,"lane","platform","category","vendor","model",key,cellKey,amount,cap,version]`, each with one `\n`; the
 * block's period, known words, names of safe characters, whole numbers in range without leading zeros, as many lines as
 * the header says. Undefined for anything else: a block is appended to an SQL statement by the embedded store.
 */
export function scanBlock(block: Block): ScannedBlock | undefined {
  const { bytes, facts } = block;
  // Of a text that is no period the number is NaN, which is no number either: it would be looked for as `[NaN,`.
  if (!Period.safeParse(block.period).success) return undefined;
  const period = Buffer.from(`${OPENING}${periodNumber(block.period)},`, 'latin1');
  const first = linesOf(bytes, 0, period, firstFormLine);
  if (first[0] === bytes.length && first[1] === facts && facts > 0) return ofFirstForm(bytes);
  const [ofFacts, linesOfFacts] = linesOf(bytes, 0, period, factLine);
  const [end, linesOfSlots] = linesOf(bytes, ofFacts, period, slotLine);
  if (end !== bytes.length || linesOfFacts + linesOfSlots !== facts || facts === 0) return undefined;
  return { facts: bytes.subarray(0, ofFacts), slots: bytes.subarray(ofFacts) };
}

const OPENING = String.fromCharCode(OPEN);

type Line = (bytes: Uint8Array, start: number, period: Uint8Array) => number;

/** Where the lines of one form that begin at `start` end, and how many they are. */
function linesOf(bytes: Uint8Array, start: number, period: Uint8Array, line: Line): [end: number, lines: number] {
  let [at, lines] = [start, 0];
  while (at < bytes.length) {
    const next = line(bytes, at, period);
    if (next < 0) break;
    at = next;
    lines++;
  }
  return [at, lines];
}

/** The offset after the line that begins at `start`, or -1. */
function factLine(bytes: Uint8Array, start: number, period: Uint8Array): number {
  let at = names(bytes, start, period, VIEW_WORDS);
  if (at < 0 || (at = integer(bytes, at, MAX_KEY, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_FACT_COUNT, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_KEY, CLOSE)) < 0) return -1;
  return bytes[at] === NEWLINE ? at + 1 : -1;
}

/** A fact as 0.1 wrote it, with what its site added to releases: such blocks may wait in a log when a version is replaced. */
function firstFormLine(bytes: Uint8Array, start: number, period: Uint8Array): number {
  let at = names(bytes, start, period, VIEW_WORDS);
  if (at < 0 || (at = integer(bytes, at, MAX_KEY, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_FACT_COUNT, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MOST_BOUNDED, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_KEY, CLOSE)) < 0) return -1;
  return bytes[at] === NEWLINE ? at + 1 : -1;
}

const MOST_BOUNDED = 50;

/** Without that number: the facts count, and add nothing to their month's release. */
function ofFirstForm(bytes: Uint8Array): ScannedBlock {
  const text = Buffer.from(bytes).toString('latin1');
  const facts = text.replace(/,[0-9]+(,[0-9]+\]\n)/g, '$1');
  return { facts: Buffer.from(facts, 'latin1'), slots: new Uint8Array() };
}

function slotLine(bytes: Uint8Array, start: number, period: Uint8Array): number {
  let at = names(bytes, start, period, LANE_WORDS);
  if (at < 0 || (at = integer(bytes, at, MAX_KEY, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_KEY, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_CAP, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_CAP, COMMA)) < 0) return -1;
  if ((at = integer(bytes, at, MAX_KEY, CLOSE)) < 0) return -1;
  return bytes[at] === NEWLINE ? at + 1 : -1;
}

/** The period, the word and the four names that every line begins with. */
function names(
  bytes: Uint8Array,
  start: number,
  period: Uint8Array,
  words: ReadonlyMap<number, readonly Uint8Array[]>,
): number {
  let at = start;
  for (const byte of period) if (bytes[at++] !== byte) return -1;
  if ((at = word(bytes, at, words)) < 0) return -1;
  if ((at = name(bytes, at)) < 0) return -1;
  if ((at = word(bytes, at, CATEGORY_WORDS)) < 0) return -1;
  if ((at = name(bytes, at)) < 0) return -1;
  return name(bytes, at);
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

/** See {@link scanBlock}. */
export function isCleanBlock(block: Block): boolean {
  return scanBlock(block) !== undefined;
}

export function firstUncleanBlock(blocks: readonly Block[], period: Period): number {
  return blocks.findIndex((block) => block.period !== period || !isCleanBlock(block));
}
