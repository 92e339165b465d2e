/** One word of the command line. */
export interface Command {
  readonly name: string;
  /** The name with its arguments, for help. */
  readonly usage: string;
  readonly summary: string;
  /** Resolves to the exit code. */
  run(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number>;
}

/** Words that the command does not understand. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
