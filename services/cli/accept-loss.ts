import { Period } from '../../schemas/period.ts';
import { loadConfig } from '../shared/config.ts';
import { type AddCommand, does, type Env, UsageError } from './command.ts';

const HELP = [
  '',
  'For facts-missing and store-damaged, when there is no copy to put back. The server must not run where the store is embedded.',
  'Parts of the month that cannot be read are dropped; sites whose facts were in them are counted when they report again.',
].join('\n');

export const addAcceptLoss: AddCommand = (program, env) => {
  program
    .command('accept-loss')
    .description('count a month without facts that the store has lost')
    .requiredOption('--period <YYYY-MM>', 'the month')
    .addHelpText('after', HELP)
    .action(does((options: { period: string }) => acceptLoss(options.period, env)));
};

async function acceptLoss(text: string, env: Env): Promise<number> {
  const period = Period.safeParse(text);
  if (!period.success) throw new UsageError('accept-loss takes --period YYYY-MM');
  const config = loadConfig(env);
  const [{ partsIn }, { Resources }, { systemClock }, { openLog }] = await Promise.all([
    import('../compose/parts.ts'),
    import('../shared/resources.ts'),
    import('../shared/clock.ts'),
    import('../shared/log.ts'),
  ]);
  const resources = new Resources();
  try {
    const environment = { config, clock: systemClock, journal: openLog('accept-loss') };
    const { counts } = await partsIn(environment, resources).store();
    const parts = await counts.acceptLoss(period.data);
    process.stdout.write(`${period.data} is counted by what is there; ${parts} parts were dropped.\n`);
    return 0;
  } finally {
    await resources.close();
  }
}
