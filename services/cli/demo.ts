import { type AddCommand, does, type Env, UsageError, wholeNumber } from './command.ts';

interface DemoOptions {
  readonly sites: number;
  readonly months: number;
  readonly seed: number;
  readonly exit?: boolean;
  readonly open?: boolean;
}

/** The main job on one machine: a simulated fleet posts over HTTP, is counted, and the counts are checked. */
export const addDemo: AddCommand = (program, env) => {
  program
    .command('demo')
    .description('simulate a fleet, count it, compare with the truth, keep serving')
    .option('--sites <n>', 'made-up sites', wholeNumber(1, 100_000), 440)
    .option('--months <n>', 'months that they report for; all but the last are closed', wholeNumber(1, 24), 12)
    .option('--seed <n>', 'another fleet for another number', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--open', 'start the browser when it serves, where there is one')
    .option('--exit', 'end with one line of JSON instead of serving on')
    .action(does((options: DemoOptions) => demo(options, env)));
};

async function demo({ exit = false, open = false, ...options }: DemoOptions, env: Env): Promise<number> {
  const port = portIn(env);
  // Said before anything is loaded: whoever waits sees that something happens, and what.
  process.stderr.write(
    `Rollcall's demo: ${options.sites} made-up sites report for ${options.months} months, are counted and compared with the truth.\n`,
  );
  const { runDemo } = await import('./demo/run-demo.ts');
  return runDemo({ ...options, port, exit, open }, env);
}

/** 0: any free port. */
function portIn({ PORT = '0' }: Env): number {
  try {
    return wholeNumber(0, 65_535)(PORT);
  } catch {
    throw new UsageError('PORT takes a whole number from 0 to 65535');
  }
}
