export interface FieldError {
  /** JSON pointer (RFC 6901) to the field. An unknown key is told by its parent's pointer: its name is content. */
  readonly pointer: string;
  readonly reason: string;
}

/** A report that is refused as a whole: an HTTP status, a stable type and no word of the report. */
export class Refused extends Error {
  readonly status: number;
  readonly type: string;
  readonly detail: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    status: number,
    type: string,
    detail: string,
    more: {
      errors?: readonly FieldError[];
      extra?: Readonly<Record<string, unknown>>;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(type);
    this.name = 'Refused';
    this.status = status;
    this.type = type;
    this.detail = detail;
    this.errors = more.errors;
    this.extra = more.extra ?? {};
    this.headers = more.headers;
  }
}
