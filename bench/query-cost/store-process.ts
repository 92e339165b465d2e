import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import type { Ready } from './serve-store.ts';

/** The first argument of a process that holds a store: the store's directory and its number of facts follow. */
export const STORE = 'store';

export interface StoreProcess extends Ready {
  readonly fillSeconds: number;
  /** Memory of the process that is not shared with the disk's cache, in MB. NaN where the system does not tell. */
  memoryMb(): number;
  stop(): Promise<void>;
}

/** Runs `program` as a store's process and waits until it is filled and answers. It ends when `signal` aborts. */
export async function startStore(
  program: string,
  directory: string,
  facts: number,
  signal: AbortSignal,
): Promise<StoreProcess> {
  mkdirSync(directory);
  const began = performance.now();
  const child = fork(program, [STORE, directory, String(facts)], { signal, killSignal: 'SIGKILL' });
  // An abort is told to whoever waits for the child; told again here, it would end this process before it has tidied.
  child.on('error', () => {});
  const ready = await firstMessage(child).catch(async (thrown: unknown) => {
    await stop(child);
    throw thrown;
  });
  const fillSeconds = (performance.now() - began) / 1000;
  return { ...ready, fillSeconds, memoryMb: () => anonymousMb(child.pid), stop: () => stop(child) };
}

function firstMessage(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('message', (ready) => resolve(ready as Ready));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`a store's process ended with ${code ?? signal}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function anonymousMb(pid: number | undefined): number {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
