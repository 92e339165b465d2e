/**
 * A failure with a code that says what happened and whether to try again. Its message is its code: no text from a
 * report, a fact, a store or a client ever goes into one.
 */
export class Failure extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly detail: Readonly<Record<string, number | string>>;

  constructor(
    code: string,
    retryable: boolean,
    detail: Readonly<Record<string, number | string>> = {},
    options?: { cause?: unknown },
  ) {
    super(code, options);
    this.name = 'Failure';
    this.code = code;
    this.retryable = retryable;
    this.detail = detail;
  }
}

/** What may be said of any thrown value: class, code and place in our code, never its message. */
export function describeFailure(thrown: unknown): { error: string; code?: string; at?: string; cause?: string } {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const code = (thrown as { code?: unknown }).code;
  const frame = thrown.stack?.split('\n').find((line) => /^\s+at /.test(line));
  const cause = thrown.cause === undefined ? undefined : describeFailure(thrown.cause);
  return {
    error: thrown.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: safeCode(String(code)) } : {}),
    ...(frame ? { at: frame.trim().replace(/\(.*\/((?:services|schemas|node_modules|dist)\/)/, '($1') } : {}),
    ...(cause ? { cause: [cause.error, cause.code].filter(Boolean).join(' ') } : {}),
  };
}

/** Codes are short words and numbers; anything else might be content. */
function safeCode(code: string): string {
  return /^[A-Za-z0-9_-]{1,40}$/.test(code) ? code : 'unprintable';
}
