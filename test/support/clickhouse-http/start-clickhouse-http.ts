import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../services/shared/package-root.ts';
import { freePort } from '../free-port.ts';
import { PATIENCE_MS } from '../patience.ts';
import { ServerGroup, type ServerProcess } from '../server-process.ts';

const USER = 'rollcall';
const PASSWORD = 'rollcall tests: only';

export interface ClickHouseHttp {
  /** `http://user:password@127.0.0.1:port`, without a database. */
  readonly url: string;
  /** Where the engine keeps its data. */
  readonly directory: string;
  pid(): number;
  /** Connections are taken, requests hang: the process is stopped (SIGSTOP). */
  pause(): void;
  /** Goes on, with what hung too. */
  resume(): void;
  /** Ends the server without a warning. */
  kill(): Promise<void>;
  /** Ends the server if it runs and starts it again, on its port and with its data. */
  restart(): Promise<void>;
  /** Ends the server and removes its data, unless the directory was given. */
  stop(): Promise<void>;
}

/**
 * The ClickHouse HTTP interface over chDB in a process of its own, on a free port of 127.0.0.1. No ClickHouse server:
 * the engine is the real one, the HTTP part is ours and says at its top what it leaves out. Needs `dist`, which every
 * test run builds first.
 */
export async function startClickHouseHttp(options: { directory?: string } = {}): Promise<ClickHouseHttp> {
  const group = new ServerGroup('clickhouse-http');
  const port = await freePort();
  const directory = options.directory ?? join(group.dir, 'data');
  mkdirSync(directory, { recursive: true });
  const program = join(packageRoot(), 'dist', 'test', 'support', 'clickhouse-http', 'server.js');
  // Every call that waits for the engine holds a thread of libuv's pool. TMPDIR: what a kill leaves goes with the group.
  const start = (): Promise<ServerProcess> =>
    group.start(
      'env',
      ['UV_THREADPOOL_SIZE=16', `TMPDIR=${group.dir}`, process.execPath, program, `${port}`, directory, USER, PASSWORD],
      /^ready$/m,
      PATIENCE_MS,
    );
  try {
    let running = await start();
    return {
      url: `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
      directory,
      pid: () => running.pid,
      pause: () => void process.kill(running.pid, 'SIGSTOP'),
      resume: () => void process.kill(running.pid, 'SIGCONT'),
      kill: () => running.kill(),
      restart: async () => {
        await running.kill();
        running = await start();
      },
      stop: () => group.stop(),
    };
  } catch (failure) {
    await group.stop();
    throw failure;
  }
}
