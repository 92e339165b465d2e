import { openStore } from '../compose/adapters.ts';
import { ROLES, type Role } from '../compose/role.ts';
import { start } from '../compose/start.ts';
import { whenReady } from '../compose/when-ready.ts';
import { systemClock } from '../shared/clock.ts';
import { loadConfig, printableConfig, SAFE_KEY_LENGTH } from '../shared/config.ts';
import { openLog } from '../shared/log.ts';
import { exitOnUncaughtException } from '../shared/uncaught-exception.ts';
import { type AddCommand, does, type Env } from './command.ts';
import { bannerOf, openTerminalLog } from './terminal.ts';

const SERVERS: readonly { readonly name: string; readonly summary: string; readonly roles: readonly Role[] }[] = [
  { name: 'start', summary: 'everything in one process', roles: ROLES },
  { name: 'ingest', summary: 'take reports', roles: ['ingest'] },
  { name: 'aggregate', summary: 'move facts from the log to the store', roles: ['aggregate'] },
  { name: 'api', summary: 'answer product managers', roles: ['api'] },
];

export const addServers: AddCommand = (program, env) => {
  for (const { name, summary, roles } of SERVERS)
    program
      .command(name)
      .description(summary)
      .addHelpText('after', '\nIt takes no arguments: it is configured by the environment. See .env.example.')
      .action(does(() => serve(name, roles, env)));
};

/** A server that runs until it is told to stop: SIGTERM and SIGINT answer what is in flight, flush and close. */
export async function serve(name: string, roles: readonly Role[], env: Env): Promise<number> {
  const config = loadConfig(env);
  // Somebody looks on: words. Otherwise something reads along: JSON.
  const watched = process.stderr.isTTY === true;
  const journal = watched ? openTerminalLog((line) => void process.stderr.write(line)) : openLog(name);
  exitOnUncaughtException(journal);
  if (!watched) journal.info('configuration', printableConfig(env));
  if (config.adminKey !== undefined && config.adminKey.length < SAFE_KEY_LENGTH)
    journal.warn('the admin key is short enough to be guessed', { characters: config.adminKey.length });
  const running = await start(roles, { config, clock: systemClock, journal });
  const { url, adminKeyPath } = running;
  if (watched) process.stderr.write(bannerOf({ name, url, adminKeyPath, roles }));
  else if (adminKeyPath) journal.info('the admin key is in this file', { path: adminKeyPath });
  const waiting = new AbortController();
  void whenReady(running, { url, journal, env: printableConfig(env), signal: waiting.signal });
  const signal = await stopSignal();
  waiting.abort();
  journal.info('stopping', { signal });
  await running.close();
  journal.info('stopped');
  return 0;
}

/** The first signal to stop. A second one ends the process at once, as the system does by default. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

export const addMigrate: AddCommand = (program, env) => {
  program
    .command('migrate')
    .description("bring the store's tables to the newest version")
    .action(
      does(async () => {
        const { server } = await openStore(loadConfig(env).store);
        await server.migrate();
        await server.close();
        return 0;
      }),
    );
};
