import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { PATIENCE_MS } from './patience.ts';
import { canRun, ServerGroup, type ServerProcess } from './server-process.ts';

export interface RedisServer {
  readonly url: string;
  /** Ends the server without a warning. */
  kill(): Promise<void>;
  /** Ends the server if it runs and starts it again, on its port and with its data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Null when a Redis can be started here, otherwise why not and the command that mends it. */
export function redisAvailable(): string | null {
  return canRun('redis-server', '--version') ? null : 'no redis-server: RUNLEVEL=1 apt-get install -y redis-server';
}

/** A Redis of its own on a free port of 127.0.0.1. Every write is on disk before it is answered. */
export async function startRedis(): Promise<RedisServer> {
  const group = new ServerGroup('redis');
  const port = await freePort();
  const dir = join(group.dir, 'data');
  mkdirSync(dir);
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
  const start = (): Promise<ServerProcess> =>
    group.start('redis-server', [...args, ...durable], /Ready to accept connections/, PATIENCE_MS);
  try {
    let running = await start();
    return {
      url: `redis://127.0.0.1:${port}`,
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
