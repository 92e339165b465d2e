import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { type AddCommand, does, type Env, UsageError } from './command.ts';

const HELP = `
It writes what outlives a month: closed months' counts, releases, ledger, agreements, keys (as digests), audit and the
curators' names. Stop the server first. "rollcall import" reads it, into a store that holds nothing yet:

  rollcall export | ROLLCALL_STORE_URL=http://… rollcall import

Facts of open months stay where they are. With --open-facts they go along, and then only into another program, never
into a file: a file of facts would outlive the close that destroys them. Remove the old data directory afterwards.
Keys in files (signing-key.pem and what is beside it, admin-key) are copied by hand.`;

export const addExport: AddCommand = (program, env) => {
  program
    .command('export')
    .description('everything that outlives a month, to standard output')
    .option('--open-facts', 'the facts of open months too, into a pipe only')
    .addHelpText('after', HELP)
    .action(does(({ openFacts }: { openFacts?: boolean }) => exporting(env, openFacts === true)));
};

const STDOUT = 1;

async function exporting(env: Env, openFacts: boolean): Promise<number> {
  const out = fstatSync(STDOUT);
  if (process.stdout.isTTY) throw new UsageError('export writes to a file or a pipe, not to a terminal.');
  if (openFacts && !out.isFIFO() && !out.isSocket())
    throw new UsageError(
      'With --open-facts it writes into a pipe only: rollcall export --open-facts | rollcall import',
    );
  const [{ exportHere }, { systemClock }, { loadConfig }, { openLog }] = await Promise.all([
    import('./carry/export-here.ts'),
    import('../shared/clock.ts'),
    import('../shared/config.ts'),
    import('../shared/log.ts'),
  ]);
  const environment = { config: loadConfig(env), clock: systemClock, journal: openLog('export') };
  const told = await exportHere(environment, openFacts, async (text) => {
    // Rejects when whoever reads has ended: it has said why.
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  });
  for (const line of told) process.stderr.write(`${line}\n`);
  return 0;
}
