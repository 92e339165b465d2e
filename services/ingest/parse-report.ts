import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { Report } from '../../schemas/report.ts';
import { scanJson } from './json-bytes.ts';
import { type FieldError, Refused } from './refused.ts';
import { takeToken } from './token.ts';

const CompiledReport = z.compile(Report);

/** Reports name at most this many faulty fields. */
const MAX_ERRORS = 20;

/** What was read, with the token as its bytes, for whoever has it to overwrite. */
export type WithToken<T> = Omit<T, 'token'> & { readonly token: Uint8Array };

/** `incomplete`: a withdrawal that leaves out its platform or its lines. */
export type ReadReport = WithToken<Report & { readonly incomplete?: boolean }>;

/**
 * The report in `raw`, or {@link Refused} with status 400. Nothing is stripped or repaired: unknown and repeated
 * keys, `__proto__`, broken UTF-8, NUL, lone surrogates and numbers out of range (-0 too) are refused.
 *
 * Overwrites the token in `raw` before anything of it becomes a string: no string of a token is ever made.
 */
export function parseReport(raw: Uint8Array): ReadReport {
  return takingToken(raw, reportOf);
}

/** Another body of an agent's, by the same rules: strict, UTF-8, no key twice, no string of its token. */
export function parseBody<T extends { token: string }>(raw: Uint8Array, schema: z.ZodType<T>): WithToken<T> {
  return takingToken(raw, (json, keys) => {
    const parsed = schema.safeParse(json, { reportInput: true });
    if (!parsed.success) throw invalid(parsed.error.issues.slice(0, MAX_ERRORS).map(fieldError));
    if (keys !== keysIn(json)) throw invalid([{ pointer: '', reason: 'duplicate-key' }]);
    return parsed.data;
  });
}

/** `read` is given the body without its token, and how many keys are written there. */
function takingToken<T extends { token: string }>(
  raw: Uint8Array,
  read: (json: unknown, keys: number) => T,
): WithToken<T> {
  if (!isUtf8(raw)) throw new Refused(400, 'invalid-encoding', 'The body is not UTF-8.');
  const scanned = scanJson(raw);
  if (!scanned) throw new Refused(400, 'invalid-json', 'The body is not JSON.');
  const token = takeToken(raw, scanned);
  try {
    const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
    // Without a token the schema has refused what stood there.
    return { ...read(JSON.parse(text), scanned.keys), token: token as Uint8Array };
  } catch (thrown) {
    token?.fill(0);
    throw thrown;
  }
}

function reportOf(json: unknown, keys: number): Report & { readonly incomplete?: boolean } {
  const missing = missingOfWithdrawal(json);
  const parsed = CompiledReport.safeParse(missing ? { ...(json as object), ...missing } : json, { reportInput: true });
  if (!parsed.success) throw invalid(parsed.error.issues.slice(0, MAX_ERRORS).map(fieldError));
  const report = parsed.data;
  if (keys !== keysRead(report) - addedKeys(missing)) throw invalid([{ pointer: '', reason: 'duplicate-key' }]);
  const negative = report.devices.findIndex((line) => Object.is(line.count, -0));
  if (negative >= 0) throw invalid([{ pointer: `/devices/${negative}/count`, reason: 'out-of-range' }]);
  return missing ? { ...report, incomplete: true } : report;
}

const NO_PLATFORM = { name: 'other', version: '' };

/** A withdrawal needs neither platform nor lines: what stands in for those that it leaves out. */
function missingOfWithdrawal(json: unknown): Partial<Report> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const { withdraw, platform, devices } = json as { withdraw?: unknown; platform?: unknown; devices?: unknown };
  if (withdraw !== true || (platform !== undefined && devices !== undefined)) return undefined;
  return {
    ...(platform === undefined ? { platform: NO_PLATFORM } : {}),
    ...(devices === undefined ? { devices: [] } : {}),
  };
}

function addedKeys(missing: Partial<Report> | undefined): number {
  return (missing?.platform ? 1 + Object.keys(NO_PLATFORM).length : 0) + (missing?.devices ? 1 : 0);
}

function keysIn(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0;
  const inner = Object.values(json).reduce<number>((sum, value) => sum + keysIn(value), 0);
  return (Array.isArray(json) ? 0 : Object.keys(json).length) + inner;
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
