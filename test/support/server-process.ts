import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE_MS } from './patience.ts';

/**
 * Ends servers and removes their folder when this process is gone, however it went: the shell reads process ids from a
 * pipe, and the kernel closes the pipe with us. `+ 12` adds a process, `- 12` forgets it.
 */
const GUARD = `
  dir=$1; pids=' '
  while read -r sign pid; do
    case $sign in
      +) pids="$pids$pid " ;;
      -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
    esac
  done
  kill -9 $pids 2>/dev/null
  sleep 0.2
  rm -rf "$dir"
`;

/** A folder of its own for a test's servers, and the servers in it: none of them outlives this process. */
export class ServerGroup {
  readonly dir: string;
  readonly #guard: ChildProcess;
  readonly #running = new Set<ServerProcess>();

  constructor(name: string) {
    this.dir = mkdtempSync(join(tmpdir(), `rollcall-${name}-`));
    // A session of its own: a Ctrl-C at the terminal must not end the guard before it has done its work.
    this.#guard = spawn('sh', ['-c', GUARD, 'guard', this.dir], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#guard.unref();
    (this.#guard.stdin as unknown as { unref(): void }).unref();
  }

  /** Starts a server and waits until a line of its output matches `ready`. */
  async start(command: string, args: readonly string[], ready: RegExp, timeoutMs: number): Promise<ServerProcess> {
    const server = new ServerProcess(command, args);
    this.#guard.stdin?.write(`+ ${server.pid}\n`);
    this.#running.add(server);
    void server.exited.then(() => {
      this.#running.delete(server);
      if (this.#guard.stdin?.writable) this.#guard.stdin.write(`- ${server.pid}\n`);
    });
    await server.untilSaid(ready, timeoutMs).catch(async (failure: unknown) => {
      await server.kill();
      throw failure;
    });
    return server;
  }

  /** Ends all servers and removes the folder. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((server) => server.kill()));
    const gone = once(this.#guard, 'exit');
    this.#guard.ref();
    this.#guard.stdin?.end();
    await gone;
  }
}

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<void>;
  #output = '';
  #heard: () => void = () => {};

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => {
      this.#child.once('error', () => resolve());
      this.#child.once('exit', () => resolve());
    });
    const hear = (text: Buffer) => {
      this.#output = (this.#output + text.toString()).slice(-20_000);
      this.#heard();
    };
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  untilSaid(ready: RegExp, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`server ${why}:\n${this.#output.slice(-4_000)}`));
      const timer = setTimeout(() => fail(`not ready after ${timeoutMs} ms`), timeoutMs);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#heard = () => {};
        then();
      };
      this.#heard = () => {
        if (ready.test(this.#output)) settle(resolve);
      };
      void this.exited.then(() => settle(() => fail('ended')));
      this.#heard();
    });
  }

  /** By default without a warning, as a power cut would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    await this.exited;
  }
}

/** Whether a command can be run at all. */
export function canRun(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: PATIENCE_MS }).status === 0;
}
