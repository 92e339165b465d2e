import type { Period } from '../../schemas/period.ts';
import type { LooseLines } from './loose-lines.ts';

const COMMA = 0x2c;
const CLOSE = 0x5d;
const NEWLINE = 0x0a;
const ZERO = 0x30;

/** A number of at most 16 digits, and its comma. */
const MOST_BYTES_OF_NUMBER = 17;

/** How many bytes the lines take at most. */
export function mostBytes(lines: LooseLines): number {
  const others = '[202611,'.length + lines.width * MOST_BYTES_OF_NUMBER + ']\n'.length;
  return lines.cells.reduce((sum, { columns }) => sum + columns.length + others, 0);
}

/**
 * Writes the lines into `bytes` from `start` on, in the given order, as their table reads them; gives the place behind
 * them. Facts are `[202611,"model","","phone","Yealink","SIP-T46S",key,count,version]\n`, slots
 * `[202611,"phones","","phone","Yealink","SIP-T46S",key,cellKey,amount,cap,version]\n`. As bytes, because formatting and
 * joining strings was the largest part of ingest.
 */
export function writeLines(
  bytes: Buffer,
  start: number,
  { cells, numbers, width }: LooseLines,
  period: Period,
  order: Iterable<number>,
): number {
  const opening = Buffer.from(`[${period.slice(0, 4)}${period.slice(5)},`, 'latin1');
  let at = start;
  for (const line of order) {
    bytes.set(opening, at);
    at += opening.length;
    const columns = cells[line]?.columns ?? opening;
    bytes.set(columns, at);
    at += columns.length;
    for (let n = line * width; n < (line + 1) * width; n++) {
      at = writeInteger(bytes, at, numbers[n] as number);
      bytes[at++] = COMMA;
    }
    // In the last comma's place.
    bytes[at - 1] = CLOSE;
    bytes[at++] = NEWLINE;
  }
  return at;
}

const HALF = 1e8;

/** Writes a safe integer in decimal at `at`; gives the place behind it. In halves that fit 32 bits. */
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
