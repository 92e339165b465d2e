import { isFailedCommit } from '../adapters/lmdb/failed-commit.ts';
import type { Role } from '../compose/role.ts';
import { start } from '../compose/start.ts';
import { tellOfOutages, whenReady } from '../compose/when-ready.ts';
import { systemClock } from '../shared/clock.ts';
import { loadConfig, printableConfig, SAFE_KEY_LENGTH } from '../shared/config.ts';
import { type Log, openLog } from '../shared/log.ts';
import { exitOnUncaughtException } from '../shared/uncaught-exception.ts';
import type { Env } from './command.ts';
import { serveByOthers, servesByOthers, toldToStop } from './processes.ts';
import { bannerOf, openTerminalLog } from './terminal.ts';

/** A server that runs until it is told to stop: SIGTERM and SIGINT answer what is in flight, flush and close. */
export async function serve(name: string, roles: readonly Role[], env: Env): Promise<number> {
  const config = loadConfig(env);
  // Somebody looks on: words. Otherwise something reads along: JSON.
  const watched = process.stderr.isTTY === true;
  const journal = watched ? openTerminalLog((line) => void process.stderr.write(line)) : openLog(name);
  exitOnUncaughtException(journal, isFailedCommit);
  if (servesByOthers(name, config)) return serveByOthers(config, stopSignal(), journal);
  if (!watched) journal.info('configuration', printableConfig(env));
  if (config.adminKey !== undefined && config.adminKey.length < SAFE_KEY_LENGTH)
    journal.warn('the admin key is short enough to be guessed', { characters: config.adminKey.length });
  const stopped = Promise.race([stopSignal(), toldToStop()]);
  const begun = await Promise.race([start(roles, { config, clock: systemClock, journal }), stopped]);
  if (typeof begun === 'string') return stoppedAtStart(begun, journal);
  const running = begun;
  const { url, metricsUrl, adminKeyPath } = running;
  if (watched) process.stderr.write(bannerOf({ name, url, adminKeyPath, roles }));
  else if (adminKeyPath) journal.info('the admin key is in this file', { path: adminKeyPath });
  const waiting = new AbortController();
  const told = { journal, env: printableConfig(env), signal: waiting.signal };
  const served = { url, metrics: metricsUrl ?? 'off' };
  void whenReady(running, { ...told, served }).then(() => tellOfOutages(running, told));
  const signal = await stopped;
  waiting.abort();
  journal.info('stopping', { signal });
  endAnyway(journal);
  await running.close();
  journal.info('stopped');
  return 0;
}

/** Nothing was taken yet, and what hangs would hang on: what was opened goes with the process. */
function stoppedAtStart(signal: NodeJS.Signals, journal: Log): never {
  journal.info('stopping', { signal, before: 'ready' });
  process.exit(0);
}

/** Who stops containers waits for ten seconds, then ends them by force. What is not done by then is, as after that, the next start's. */
const STOP_MS = 9_000;

function endAnyway(journal: Log): void {
  const end = () => {
    journal.warn('stopping took too long: what is left goes on at the next start', { seconds: STOP_MS / 1_000 });
    process.exit(0);
  };
  setTimeout(end, STOP_MS).unref();
}

/** The first signal to stop. A second one ends the process at once, as the system does by default. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
