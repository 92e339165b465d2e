import { existsSync } from 'node:fs';
import { type Clock, systemClock } from '../../shared/clock.ts';
import type { Config } from '../../shared/config.ts';
import { lockDirectory } from '../../shared/directory-lock.ts';
import { Failure } from '../../shared/failure.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import type { Env } from '../command.ts';
import { configured, ofSigningKey } from './configuration.ts';
import { bad, type Finding, unknown } from './finding.ts';
import { ofJobs } from './jobs.ts';
import { ofLog } from './log.ts';
import { ofDataDirectory, ofDisks, ofMachine } from './machine.ts';
import { runningServer } from './running-server.ts';
import { ofStore } from './store.ts';

/** Everything that is looked at, in order; what depends on the network last. Changes nothing. */
export async function* examination(env: Env, clock: Clock = systemClock): AsyncGenerator<Finding> {
  yield* ofMachine();
  const { config, findings } = configured(env);
  yield* findings;
  if (config === undefined) return;
  yield* ofDataDirectory(config.dataDirectory);
  yield* ofDisks(directoriesOf(config));
  yield ofSigningKey(config);
  const server = await runningServer(config, () => clock.now());
  yield* server.findings;
  yield* await parts(config, clock, server.answers);
  yield* await ofJobs(config);
}

function directoriesOf({ dataDirectory, log, store }: Config): string[] {
  return [dataDirectory, ...[log, store].flatMap((part) => ('directory' in part ? [part.directory] : []))];
}

/** Log and store. Embedded, one process has them at a time: for as long as they are looked at that is this one. */
async function parts(config: Config, clock: Clock, served: boolean): Promise<readonly Finding[]> {
  const embedded = [config.log, config.store].filter((part) => 'directory' in part);
  const lock = embedded.length > 0 && !served ? lockOf(config) : undefined;
  if (lock instanceof Failure) return [bad('data directory', lock.code, explanationOf(lock.code))];
  try {
    const mayOpen = (part: Config['log'] | Config['store']) =>
      !('directory' in part) || (lock !== undefined && existsSync(part.directory));
    return [
      ...(mayOpen(config.log) ? await ofLog(config, clock) : [left('log', served)]),
      ...(mayOpen(config.store) ? await ofStore(config, clock) : [left('store', served)]),
    ];
  } finally {
    if (lock !== undefined) await lock.close();
  }
}

function left(what: string, served: boolean): Finding {
  return served
    ? unknown(what, 'the server has it, and said above how it is', 'Stop the server to have every part read')
    : unknown(what, 'not there yet');
}

/** Undefined when there is no directory: to look does not make one. */
function lockOf({ dataDirectory }: Config): { close(): Promise<void> } | Failure | undefined {
  if (!existsSync(dataDirectory)) return undefined;
  try {
    return lockDirectory(dataDirectory);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
}
