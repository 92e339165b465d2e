import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Config } from '../shared/config.ts';
import { Failure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';

/** How a process is told to end by the one that began it. Not a signal: those reach both, and a second one would kill. */
const STOP = 'stop';

/** Whether this process is to begin others and serve nothing by itself. Throws `embedded-parts-of-one-process`. */
export function servesByOthers(name: string, { ingestProcesses, log, store }: Config): boolean {
  if (name !== 'ingest' || ingestProcesses === 1 || cluster.isWorker) return false;
  if (log.kind !== 'kafka' || store.kind !== 'http') throw new Failure('embedded-parts-of-one-process');
  return true;
}

/**
 * As many processes of the same command behind one port, which this process holds. When one ends by itself the others
 * are told to stop and this process ends with 1: whoever started it starts it again.
 */
export async function serveByOthers(
  { ingestProcesses, metricsPort }: Config,
  stop: Promise<unknown>,
  journal: Log,
): Promise<number> {
  const others = Array.from({ length: ingestProcesses }, (_, i) =>
    cluster.fork(metricsPort === 0 ? {} : { ROLLCALL_METRICS_PORT: metricsPort + i }),
  );
  const ended = others.map((other) => once(other, 'exit'));
  const byItself = await Promise.race([stop.then(() => false), ...ended.map((end) => end.then(() => true))]);
  if (byItself) journal.error('one of several processes ended, so all do', { processes: others.length });
  for (const other of others) tellToStop(other);
  await Promise.all(ended);
  return byItself ? 1 : 0;
}

function tellToStop(other: Worker): void {
  if (other.isConnected()) other.send(STOP);
}

/** Resolves when the process that began this one says so, as a service manager would; never where nothing did. */
export function toldToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    if (cluster.isWorker) process.on('message', (word) => word === STOP && resolve('SIGTERM'));
  });
}

/** What holds a process that another one began is their connection. */
export function letGo(): void {
  cluster.worker?.disconnect();
}
