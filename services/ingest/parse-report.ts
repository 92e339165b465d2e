import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { Report } from '../../schemas/report.ts';
import { type FieldError, Refused } from './refused.ts';

const CompiledReport = z.compile(Report);

/** Reports name at most this many faulty fields. */
const MAX_ERRORS = 20;

/**
 * The report in `raw`, or {@link Refused} with status 400. Nothing is stripped or repaired: unknown and repeated
 * keys, `__proto__`, broken UTF-8, NUL, lone surrogates and numbers out of range (-0 too) are refused.
 */
export function parseReport(raw: Uint8Array): ParsedReport {
  if (!isUtf8(raw)) throw new Refused(400, 'invalid-encoding', 'The body is not UTF-8.');
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
  const json = parseJson(text);
  const missing = missingOfWithdrawal(json);
  const parsed = CompiledReport.safeParse(missing ? { ...(json as object), ...missing } : json, { reportInput: true });
  if (!parsed.success) throw invalid(parsed.error.issues.slice(0, MAX_ERRORS).map(fieldError));
  const report = parsed.data;
  if (keysWritten(text) !== keysRead(report) - addedKeys(missing))
    throw invalid([{ pointer: '', reason: 'duplicate-key' }]);
  const negative = report.devices.findIndex((line) => Object.is(line.count, -0));
  if (negative >= 0) throw invalid([{ pointer: `/devices/${negative}/count`, reason: 'out-of-range' }]);
  return missing ? { ...report, incomplete: true } : report;
}

/** `incomplete`: a withdrawal that leaves out its platform or its lines. */
export type ParsedReport = Report & { readonly incomplete?: boolean };

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

/** Another body of an agent's, by the same rules: strict, UTF-8, no key twice. */
export function parseBody<T extends object>(raw: Uint8Array, schema: z.ZodType<T>): T {
  if (!isUtf8(raw)) throw new Refused(400, 'invalid-encoding', 'The body is not UTF-8.');
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
  const json = parseJson(text);
  const parsed = schema.safeParse(json, { reportInput: true });
  if (!parsed.success) throw invalid(parsed.error.issues.slice(0, MAX_ERRORS).map(fieldError));
  if (keysWritten(text) !== keysIn(json)) throw invalid([{ pointer: '', reason: 'duplicate-key' }]);
  return parsed.data;
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new Refused(400, 'invalid-json', 'The body is not JSON.');
  }
}

/** Keys in a valid report: `JSON.parse` keeps one of a repeated key, so a difference to the text is a repetition. */
function keysRead(report: Report): number {
  return Object.keys(report).length + Object.keys(report.platform).length + 4 * report.devices.length;
}

/** Keys in a JSON text: its strings that a colon follows. One pass; the text is known to parse. */
function keysWritten(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open >= 0; ) {
    let close = text.indexOf('"', open + 1);
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1);
    let next = close + 1;
    while (isBlank(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) === 0x3a) keys++;
    open = text.indexOf('"', next);
  }
  return keys;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
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
