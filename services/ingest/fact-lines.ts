import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { knownCell } from './known-cell.ts';

/** Lines of the facts table's form, one after the other. */
export interface FactLines {
  readonly bytes: Buffer;
  /** Where each line ends, its `\n` included; each begins where the one before ends. */
  readonly ends: readonly number[];
}

const COMMA = 0x2c;
const CLOSE = 0x5d;
const NEWLINE = 0x0a;
const ZERO = 0x30;

/** `[202611,`, four numbers of 16, 7, 2 and 16 digits, three commas, `]\n`. */
const MOST_BYTES_BESIDE_COLUMNS = 8 + 41 + 3 + 2;

/**
 * Facts as the facts table reads them: `[202611,"model","","phone","Yealink","SIP-T46S",key,count,bounded,version]\n`.
 * Written as bytes, because formatting and joining strings was the largest part of ingest. Throws `unsafe-name` for a
 * name that would need escaping.
 */
export function factLines(period: Period, facts: readonly Fact[]): FactLines {
  const opening = Buffer.from(`[${period.slice(0, 4)}${period.slice(5)},`, 'latin1');
  const columns = facts.map((fact) => knownCell(fact).columns);
  const most = columns.reduce((sum, { length }) => sum + length + MOST_BYTES_BESIDE_COLUMNS, 0);
  const bytes = Buffer.allocUnsafe(most);
  const ends: number[] = [];
  let at = 0;
  for (const [i, fact] of facts.entries()) {
    const names = columns[i] as Uint8Array;
    bytes.set(opening, at);
    bytes.set(names, at + opening.length);
    at += opening.length + names.length;
    at = writeInteger(bytes, at, fact.key);
    bytes[at++] = COMMA;
    at = writeInteger(bytes, at, fact.count);
    bytes[at++] = COMMA;
    at = writeInteger(bytes, at, fact.bounded);
    bytes[at++] = COMMA;
    at = writeInteger(bytes, at, fact.version);
    bytes[at++] = CLOSE;
    bytes[at++] = NEWLINE;
    ends.push(at);
  }
  return { bytes: bytes.subarray(0, at), ends };
}

const HALF = 1e8;

/** Writes a safe integer in decimal at `at`; resolves to the place behind it. In halves that fit 32 bits. */
function writeInteger(bytes: Buffer, at: number, n: number): number {
  if (n < HALF) return writeDigits(bytes, at, n, digitsOf(n));
  const high = Math.floor(n / HALF);
  return writeDigits(bytes, writeInteger(bytes, at, high), n - high * HALF, 8);
}

function writeDigits(bytes: Buffer, at: number, n: number, digits: number): number {
  let rest = n | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    bytes[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return at + digits;
}

function digitsOf(n: number): number {
  let digits = 1;
  for (let power = 10; n >= power; power *= 10) digits++;
  return digits;
}
