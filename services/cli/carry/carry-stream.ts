import { createHash, type Hash } from 'node:crypto';
import * as z from 'zod';
import { Period } from '../../../schemas/period.ts';
import { Failure } from '../../shared/failure.ts';

// An installation as a stream of lines, as `rollcall export` writes it and `rollcall import` reads it:
//
//   {"rollcall":"export/1","version":"0.1.0","migration":8}
//   {"table":"ledger","columns":["period","at"]}      then rows of that table, `[…]` a line
//   {"facts":"2026-11","count":120}                   then as many lines of facts and slots, `[…]` a line
//   {"end":true,"rows":4711,"sha256":"…"}             of every byte before this line
//
// What is cut off or changed on its way is refused before anything of it counts.

const Header = z.strictObject({ rollcall: z.literal('export/1'), version: z.string().max(64), migration: z.int() });
const Table = z.strictObject({
  table: z.string().regex(/^[a-z_]{1,40}$/),
  columns: z.array(z.string().regex(/^[a-z_0-9]{1,40}$/)).min(1),
});
const Facts = z.strictObject({ facts: Period, count: z.int().min(1) });
const End = z.strictObject({ end: z.literal(true), rows: z.int(), sha256: z.string() });

export type Header = z.infer<typeof Header>;
type Section = z.infer<typeof Table> | z.infer<typeof Facts>;

export interface Piece {
  readonly section: Section;
  readonly lines: readonly string[];
}

/** The lines of a stream, each with its end. */
export async function* written(header: Header, pieces: AsyncIterable<Piece>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let rows = 0;
  const hashed = (text: string) => {
    hash.update(text);
    return text;
  };
  yield hashed(`${JSON.stringify(header)}\n`);
  for await (const { section, lines } of pieces) {
    rows += lines.length;
    yield hashed(`${JSON.stringify(section)}\n${lines.map((line) => `${line}\n`).join('')}`);
  }
  yield `${JSON.stringify({ end: true, rows, sha256: hash.digest('hex') })}\n`;
}

/** Rows that are handed over together. */
const AT_ONCE = 20_000;

/**
 * Reads a stream: its header first, then its pieces. Throws `export-malformed` for what is none, and at its end for one
 * that was cut off or changed: whoever used the pieces takes them back then.
 */
export async function* read(
  lines: AsyncIterable<string>,
  begin: (header: Header) => Promise<void>,
): AsyncGenerator<Piece> {
  const hash = createHash('sha256');
  const waiting = new Waiting();
  let rows = 0;
  let begun = false;
  let ended = false;
  for await (const line of lines) {
    if (ended) throw malformed('text behind its end');
    if (line.startsWith('[')) {
      hashLine(hash, line);
      rows++;
      const full = waiting.add(line);
      if (full) yield full;
      continue;
    }
    const end = End.safeParse(parsed(line));
    if (end.success) {
      if (end.data.rows !== rows || end.data.sha256 !== hash.digest('hex')) throw malformed('changed on its way');
      ended = true;
      continue;
    }
    hashLine(hash, line);
    if (!begun) {
      await begin(checked(Header, line));
      begun = true;
      continue;
    }
    const rest = waiting.next(checked(z.union([Table, Facts]), line));
    if (rest) yield rest;
  }
  if (!ended) throw malformed('cut off');
  const rest = waiting.next();
  if (rest) yield rest;
}

/** Rows of the section that is being read. */
class Waiting {
  #section: Section | undefined;
  #lines: string[] = [];

  add(line: string): Piece | undefined {
    if (this.#section === undefined) throw malformed('rows of no table');
    this.#lines.push(line);
    // A block of facts is handed over whole: its header says how many they are.
    return this.#lines.length >= AT_ONCE && 'table' in this.#section ? this.next(this.#section) : undefined;
  }

  next(section?: Section): Piece | undefined {
    const piece = this.#section && this.#lines.length > 0 ? { section: this.#section, lines: this.#lines } : undefined;
    this.#section = section;
    this.#lines = [];
    return piece;
  }
}

function hashLine(hash: Hash, line: string): void {
  hash.update(`${line}\n`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw malformed('a line that is no JSON');
  }
}

function checked<T>(schema: z.ZodType<T>, line: string): T {
  const found = schema.safeParse(parsed(line));
  if (!found.success) throw malformed('a line of another form');
  return found.data;
}

const malformed = (why: string): Failure => new Failure('export-malformed', { why });
