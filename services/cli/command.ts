export type Env = Readonly<Record<string, string | undefined>>;

/** One word of the command line. */
export interface Command {
  readonly name: string;
  /** The name with its arguments, for help. */
  readonly usage: string;
  readonly summary: string;
  /** Resolves to the exit code. */
  run(args: readonly string[], env: Env): Promise<number>;
}

/** Words that the command does not understand. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export type Verb = Command['run'];

/** A command whose first word says what is done. Without a word of `verbs` it is not understood, and `help` says why. */
export function commandOfVerbs({
  verbs,
  help,
  ...named
}: Omit<Command, 'run'> & { readonly verbs: Readonly<Record<string, Verb>>; readonly help: string }): Command {
  return {
    ...named,
    async run([word = '', ...rest], env) {
      const run = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
      if (!run) throw new UsageError(help);
      return run(rest, env);
    },
  };
}
