import { openStore } from '../compose/adapters.ts';
import type { Role } from '../compose/role.ts';
import { start } from '../compose/start.ts';
import { systemClock } from '../shared/clock.ts';
import { loadConfig, printableConfig, SAFE_KEY_LENGTH } from '../shared/config.ts';
import { openLog } from '../shared/log.ts';
import { exitOnUncaughtException } from '../shared/uncaught-exception.ts';
import { type Command, UsageError } from './command.ts';

/** A server that runs until it is told to stop: SIGTERM and SIGINT answer what is in flight, flush and close. */
export function serveCommand(name: string, summary: string, roles: readonly Role[]): Command {
  return {
    name,
    usage: name,
    summary,
    async run(args, env) {
      if (args.length > 0) throw new UsageError(`${name} takes no arguments: it is configured by the environment.`);
      const config = loadConfig(env);
      const journal = openLog(name);
      exitOnUncaughtException(journal);
      journal.info('configuration', printableConfig(env));
      if (config.adminKey !== undefined && config.adminKey.length < SAFE_KEY_LENGTH)
        journal.warn('the admin key is short enough to be guessed', { characters: config.adminKey.length });
      const running = await start(roles, { config, clock: systemClock, journal });
      if (running.adminKeyPath) journal.info('the admin key is in this file', { path: running.adminKeyPath });
      journal.info('ready', { url: running.url, metrics: running.metricsUrl ?? 'off' });
      const signal = await stopSignal();
      journal.info('stopping', { signal });
      await running.close();
      journal.info('stopped');
      return 0;
    },
  };
}

/** The first signal to stop. A second one ends the process at once, as the system does by default. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

export const migrateCommand: Command = {
  name: 'migrate',
  usage: 'migrate',
  summary: "bring the store's tables to the newest version",
  async run(_args, env) {
    const { server } = await openStore(loadConfig(env).store);
    await server.migrate();
    await server.close();
    return 0;
  },
};
