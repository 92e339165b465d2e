import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { RollcallProcess } from '../rollcall-process.ts';
import { type Faults, nothing } from './fault.ts';

/** What docker gives a process to stop. */
const STOP_MS = 10_000;
/** So little is left to a process that is short of memory, or of descriptors. */
const LEFT_BYTES = 4 * 1024 * 1024;
const LEFT_DESCRIPTORS = 0;

/** A process of the product that somebody looks after. */
export class Kept {
  /** How often it ended though nobody ended it. */
  ended = 0;
  readonly #start: () => Promise<RollcallProcess>;
  #running: RollcallProcess;
  #meant = false;

  constructor(running: RollcallProcess, start: () => Promise<RollcallProcess>) {
    this.#start = start;
    this.#running = running;
    this.#watch();
  }

  get pid(): number {
    return this.#running.pid;
  }

  get url(): string {
    return this.#running.url;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#meant = true;
    const ended = this.#running.end(signal);
    await Promise.race([ended, pause(STOP_MS, undefined, { ref: false })]);
    if (!this.#running.exited()) await this.#running.end('SIGKILL');
  }

  /** Starts it if it has ended. */
  async revive(): Promise<void> {
    if (!this.#running.exited()) return;
    this.#running = await this.#start();
    this.#meant = false;
    this.#watch();
  }

  #watch(): void {
    void this.#running.ended.then(() => {
      if (!this.#meant) this.ended++;
    });
  }

  memoryMb(): number {
    return this.#running.exited() ? 0 : statusOf(this.pid, 'VmRSS') / 1_024;
  }
}

/** What can happen to a process. Whoever looks after it starts it again, see {@link Kept.revive}. */
export function processFaults(kept: Kept): Faults {
  return {
    kill: { strike: () => kept.end('SIGKILL'), heal: nothing },
    freeze: { strike: async () => signal(kept, 'SIGSTOP'), heal: async () => signal(kept, 'SIGCONT') },
    descriptors: {
      strike: () => limit(kept.pid, 'nofile', `${descriptorsOf(kept.pid) + LEFT_DESCRIPTORS}:`),
      heal: () => limit(kept.pid, 'nofile', `${mostDescriptorsOf(kept.pid)}:`),
    },
    memory: {
      strike: () => limit(kept.pid, 'as', `${statusOf(kept.pid, 'VmSize') * 1_024 + LEFT_BYTES}:`),
      heal: () => limit(kept.pid, 'as', 'unlimited:'),
      ends: true,
    },
  };
}

function signal({ pid }: Kept, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone by another fault.
  }
}

/** A soft limit: who is gone by another fault has none. */
async function limit(pid: number, what: string, value: string): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), `--${what}=${value}`]).catch((thrown: unknown) => {
    if (isRunning(pid)) throw thrown;
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Kilobytes; 0 of a process that is gone. */
function statusOf(pid: number, name: 'VmRSS' | 'VmSize'): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readOf(pid, 'status'))?.[1] ?? 0);
}

function mostDescriptorsOf(pid: number): string {
  return /^Max open files\s+\S+\s+(\S+)/m.exec(readOf(pid, 'limits'))?.[1] ?? '1024';
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
