import { createInterface } from 'node:readline';
import { type AddCommand, does, type Env, UsageError } from './command.ts';

const HELP = `
It reads from standard input what "rollcall export" of the same version wrote, into the store of ROLLCALL_STORE_URL, which
must hold nothing yet. What was cut off or changed on its way is refused and leaves nothing behind. The audit is checked
before it is used.`;

export const addImport: AddCommand = (program, env) => {
  program
    .command('import')
    .description('what export wrote, from standard input into an empty store')
    .addHelpText('after', HELP)
    .action(does(() => importing(env)));
};

async function importing(env: Env): Promise<number> {
  if (process.stdin.isTTY) throw new UsageError('import reads from a file or a pipe: rollcall import < FILE');
  const [{ importHere }, { systemClock }, { loadConfig }, { openLog }] = await Promise.all([
    import('./carry/import-here.ts'),
    import('../shared/clock.ts'),
    import('../shared/config.ts'),
    import('../shared/log.ts'),
  ]);
  const environment = { config: loadConfig(env), clock: systemClock, journal: openLog('import') };
  for (const line of await importHere(environment, inputLines())) process.stderr.write(`${line}\n`);
  return 0;
}

/** Nothing is read before it is asked for: what a readline interface reads while nobody listens is lost. */
async function* inputLines(): AsyncGenerator<string> {
  yield* createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}
