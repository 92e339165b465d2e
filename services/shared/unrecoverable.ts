/** A failure that no retry can mend: the job is not attempted again. */
export class Unrecoverable extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'Unrecoverable';
    this.code = code;
  }
}
