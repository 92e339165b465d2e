import { FAILURES, type FailureCode } from './failure-codes.ts';

/**
 * A failure with a code that says what happened and whether to try again. Its message is its code: no text from a
 * report, a fact, a store or a client ever goes into one.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly retryable: boolean;
  readonly detail: Readonly<Record<string, number | string>>;

  constructor(
    code: FailureCode,
    detail: Readonly<Record<string, number | string>> = {},
    options?: { cause?: unknown },
  ) {
    super(code, options);
    this.name = 'Failure';
    this.code = code;
    this.retryable = FAILURES[code].retryable;
    this.detail = detail;
  }
}

/** Of anything thrown: what is no failure of ours is a defect. */
export function failureCodeOf(thrown: unknown): FailureCode {
  return thrown instanceof Failure ? thrown.code : 'defect';
}

export interface FailureDescription {
  /** The error's class. */
  readonly error: string;
  readonly code?: string;
  /** Where it was thrown: file and line of ours or of a library. */
  readonly at?: string;
  /** Class and code of what lies behind it. */
  readonly cause?: string;
}

/** What may be said of any thrown value: class, code and place in the code, never its message. Does not throw itself. */
export function describeFailure(thrown: unknown): FailureDescription & Readonly<Record<string, string>> {
  try {
    return describe(thrown);
  } catch {
    return { error: 'indescribable' };
  }
}

function describe(thrown: unknown): FailureDescription & Readonly<Record<string, string>> {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const code = (thrown as { code?: unknown }).code;
  const at = placeOf(thrown);
  const cause = thrown.cause === undefined ? undefined : describe(thrown.cause);
  return {
    error: word(thrown.name),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: word(String(code)) } : {}),
    ...(at === undefined ? {} : { at }),
    ...(cause ? { cause: [cause.error, cause.code].filter(Boolean).join(' ') } : {}),
  };
}

/** Names and codes are short words; anything else might be content. */
function word(text: unknown): string {
  return typeof text === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(text) ? text : 'unprintable';
}

/** File and line of the first frame. The stack begins with the message, which may look like a frame. */
function placeOf({ name, message, stack = '' }: Error): string | undefined {
  const head = [`${name}: ${message}`, message, name].find((text) => text !== '' && stack.startsWith(text));
  if (head === undefined) return undefined;
  const frame = /^\n {4}at (?:(?:async )?([\w.<>]+) \()?(?:file:\/\/)?(\S+?:\d+:\d+)\)?$/m.exec(
    stack.slice(head.length),
  );
  if (frame?.index !== 0) return undefined;
  const place = inProduct(frame[2] ?? '');
  return frame[1] ? `at ${frame[1]} (${place})` : `at ${place}`;
}

/** The path from the product's own folders on: where it is installed is nobody's business. */
function inProduct(path: string): string {
  return /(?:^|\/)((?:services|schemas|test|bench|node_modules)\/.*)$/.exec(path)?.[1] ?? path.replace(/^.*\//, '');
}
