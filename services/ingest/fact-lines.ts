import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Slot } from '../../schemas/slot.ts';
import { knownCell } from './known-cell.ts';

/** Lines of a table's form, one after the other. */
export interface FactLines {
  readonly bytes: Buffer;
  /** Where each line ends, its `\n` included; each begins where the one before ends. */
  readonly ends: readonly number[];
}

const COMMA = 0x2c;
const CLOSE = 0x5d;
const NEWLINE = 0x0a;
const ZERO = 0x30;

/** `[202611,`, at most five numbers of 16 digits, as many commas, `]\n`. */
const MOST_BYTES_BESIDE_COLUMNS = 8 + 5 * 17 + 2;

/** The lines of one report, apart: they go into tables of their own. */
export interface ReportLines {
  readonly facts: FactLines;
  readonly slots: FactLines;
}

/**
 * Facts as the facts table reads them: `[202611,"model","","phone","Yealink","SIP-T46S",key,count,version]\n`.
 * Written as bytes, because formatting and joining strings was the largest part of ingest. Throws `unsafe-name` for a
 * name that would need escaping.
 */
export function factLines(period: Period, facts: readonly Fact[]): FactLines {
  return linesOf(
    period,
    facts.map((fact) => knownCell(fact).columns),
    facts.map(({ key, count, version }) => [key, count, version]),
  );
}

/** Slots as the slots table reads them: `[202611,"phones","","phone","Yealink","SIP-T46S",key,cellKey,amount,cap,version]\n`. */
export function slotLines(period: Period, slots: readonly Slot[]): FactLines {
  return linesOf(
    period,
    slots.map((slot) => knownCell({ ...slot, view: slot.lane }).columns),
    slots.map(({ key, cellKey, amount, cap, version }) => [key, cellKey, amount, cap, version]),
  );
}

function linesOf(period: Period, names: readonly Uint8Array[], numbers: readonly (readonly number[])[]): FactLines {
  const opening = Buffer.from(`[${period.slice(0, 4)}${period.slice(5)},`, 'latin1');
  const bytes = Buffer.allocUnsafe(names.reduce((sum, { length }) => sum + length + MOST_BYTES_BESIDE_COLUMNS, 0));
  const ends: number[] = [];
  let at = 0;
  for (let i = 0; i < names.length; i++) {
    const [columns, values] = [names[i] as Uint8Array, numbers[i] as readonly number[]];
    bytes.set(opening, at);
    bytes.set(columns, at + opening.length);
    at += opening.length + columns.length;
    for (const value of values) {
      at = writeInteger(bytes, at, value);
      bytes[at++] = COMMA;
    }
    // In the last comma's place.
    bytes[at - 1] = CLOSE;
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
