import { basename, dirname } from 'node:path';
import { loadConfig } from '../shared/config.ts';
import { type AddCommand, does, type Env, UsageError } from './command.ts';

export const addSalvage: AddCommand = (program, env) => {
  program
    .command('salvage')
    .description('keep what can be read of a damaged log, and let go of the rest')
    .addHelpText(
      'after',
      '\nThe server must not run. Copy the directory of the log first: what cannot be read is deleted.',
    )
    .action(does(() => salvage(env)));
};

async function salvage(env: Env): Promise<number> {
  const { log } = loadConfig(env);
  if (log.kind !== 'lmdb') throw new UsageError('salvage is for the embedded log: Kafka mends its own.');
  const [{ salvageLog }, { lockDirectory }] = await Promise.all([
    import('../adapters/lmdb/salvage.ts'),
    import('../shared/directory-lock.ts'),
  ]);
  const lock = lockDirectory(log.directory);
  try {
    const damages = await salvageLog(log.directory);
    for (const { directory, what, readable } of damages)
      process.stdout.write(
        `${basename(dirname(directory))} ${basename(directory)} (${what}): ${readable} blocks kept\n`,
      );
    if (damages.length === 0) process.stdout.write('nothing in the log is damaged\n');
    return 0;
  } finally {
    await lock.close();
  }
}
