import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { Report } from '../../schemas/report.ts';
import { scanJson } from './json-bytes.ts';
import { type FieldError, Refused } from './refused.ts';
import { takeToken } from './token.ts';

const CompiledReport = z.compile(Report);

/** Reports name at most this many faulty fields. */
const MAX_ERRORS = 20;

/** A report without its token's text: the token is bytes, for whoever has it to overwrite. */
export interface ReadReport extends Omit<Report, 'token'> {
  readonly token: Uint8Array;
}

/**
 * The report in `raw`, or {@link Refused} with status 400. Nothing is stripped or repaired: unknown and repeated
 * keys, `__proto__`, broken UTF-8, NUL, lone surrogates and numbers out of range (-0 too) are refused.
 *
 * Overwrites the token in `raw` before anything of it becomes a string: no string of a token is ever made.
 */
export function parseReport(raw: Uint8Array): ReadReport {
  if (!isUtf8(raw)) throw new Refused(400, 'invalid-encoding', 'The body is not UTF-8.');
  const scanned = scanJson(raw);
  if (!scanned) throw new Refused(400, 'invalid-json', 'The body is not JSON.');
  const token = takeToken(raw, scanned);
  try {
    const report = parseRest(raw, scanned.keys);
    // Without one the schema has refused what stood there.
    return { ...report, token: token as Uint8Array };
  } catch (thrown) {
    token?.fill(0);
    throw thrown;
  }
}

/** What the schema says of all that is no token. */
function parseRest(raw: Uint8Array, keys: number): Report {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
  const parsed = CompiledReport.safeParse(JSON.parse(text), { reportInput: true });
  if (!parsed.success) throw invalid(parsed.error.issues.slice(0, MAX_ERRORS).map(fieldError));
  const report = parsed.data;
  if (keys !== keysRead(report)) throw invalid([{ pointer: '', reason: 'duplicate-key' }]);
  const negative = report.devices.findIndex((line) => Object.is(line.count, -0));
  if (negative >= 0) throw invalid([{ pointer: `/devices/${negative}/count`, reason: 'out-of-range' }]);
  return report;
}

function invalid(errors: readonly FieldError[]): Refused {
  return new Refused(400, 'invalid-report', 'The body is not a report: see errors, and /schemas/report/1.json.', {
    errors,
  });
}

/** Keys in a valid report: `JSON.parse` keeps one of a repeated key, so a difference to the text is a repetition. */
function keysRead(report: Report): number {
  return Object.keys(report).length + Object.keys(report.platform).length + 4 * report.devices.length;
}

/** Names the field, never what was in it. */
function fieldError(issue: z.core.$ZodIssue): FieldError {
  const pointer = issue.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return { pointer, reason: reasonOf(issue) };
}

function reasonOf(issue: z.core.$ZodIssue): string {
  // JSON has no undefined: the field is not there.
  if (issue.input === undefined && issue.code !== 'unrecognized_keys') return 'missing';
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'unknown-key';
    case 'too_big':
    case 'too_small':
      return 'out-of-range';
    case 'invalid_value':
      return 'not-allowed';
    case 'invalid_type':
      return 'wrong-type';
    default:
      // Patterns and refinements carry a reason of ours as their message.
      return /^[a-z-]{1,30}$/.test(issue.message) ? issue.message : 'invalid';
  }
}
