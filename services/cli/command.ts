import { type Command as Commander, InvalidArgumentError } from 'commander';

export type Env = Readonly<Record<string, string | undefined>>;

/** Adds a command to the program: its name, what it takes, its help, and what it does. */
export type AddCommand = (program: Commander, env: Env) => void;

/** A command that reads its own words: it is given them as they are. */
export interface Command {
  readonly name: string;
  /** The name with its arguments, for help. */
  readonly usage: string;
  readonly summary: string;
  /** Further lines of its help. */
  readonly help?: string;
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

const EXIT_CODES = new WeakMap<Commander, number>();

/** What a command does; it resolves to the exit code of the process: see {@link exitCodeOf}. */
export function does<A extends readonly unknown[]>(
  run: (...args: A) => Promise<number>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    // Commander hands over the command itself behind what the user gave.
    EXIT_CODES.set(programOf(args.at(-1) as Commander), await run(...args));
  };
}

function programOf(command: Commander): Commander {
  return command.parent === null ? command : programOf(command.parent);
}

/** Of the command that the program was given. */
export function exitCodeOf(program: Commander): number {
  return EXIT_CODES.get(program) ?? 0;
}

const AT_SERVER = [
  '',
  'It asks the running server, with the key of ROLLCALL_ADMIN_KEY or of the file admin-key in ROLLCALL_DATA_DIR.',
].join('\n');

/** A command that asks a running server. */
export function atServer(command: Commander): Commander {
  return command
    .option('--url <url>', 'where the server is (default: http://127.0.0.1:PORT)')
    .addHelpText('after', AT_SERVER);
}

/** Where it is, for a command made by {@link atServer}. */
export interface AtServer {
  readonly url?: string;
}

/** For an option that may be given several times. */
export function each(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** For an option that takes a whole number. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** A command that reads its own words, in the program's help and with help of its own. */
export function adding({ name, usage, summary, help, run }: Command): AddCommand {
  return (program, env) => {
    const command = program
      .command(name)
      .usage(usage.slice(name.length).trim())
      .description(summary)
      .argument('[words...]')
      .allowUnknownOption();
    if (help !== undefined) command.addHelpText('after', `\n${help}`);
    command.action(does(() => run(command.args, env)));
  };
}

type Verb = Command['run'];

/** A command whose first word says what is done. Without a word of `verbs` it is not understood, and `help` says why. */
export function commandOfVerbs({
  verbs,
  help,
  ...named
}: Omit<Command, 'run'> & { readonly verbs: Readonly<Record<string, Verb>>; readonly help: string }): Command {
  return {
    ...named,
    help,
    async run([word = '', ...rest], env) {
      const run = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
      if (!run) throw new UsageError(help);
      return run(rest, env);
    },
  };
}
