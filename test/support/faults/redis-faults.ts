import { Redis } from 'ioredis';
import { type RedisServer, startRedis } from '../redis.ts';
import type { TcpProxy } from '../tcp-proxy.ts';
import { type Faults, nothing } from './fault.ts';

const portOf = ({ url }: RedisServer): number => Number(new URL(url).port);

export interface RedisPair {
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** A Redis behind the proxy and another one that can take its place, and what can happen to them. */
export async function redisPair(first: RedisServer, proxy: TcpProxy): Promise<RedisPair> {
  const other = await startRedis();
  let [master, replica] = [first, other];
  const asking = <T>(server: RedisServer, ask: (redis: Redis) => Promise<T>): Promise<T> => {
    const redis = new Redis(server.url, { maxRetriesPerRequest: 50 });
    redis.on('error', () => {});
    return ask(redis).finally(() => redis.disconnect());
  };
  const most = (bytes: string) => asking(master, async (redis) => void (await redis.config('SET', 'maxmemory', bytes)));
  return {
    faults: {
      kill: { strike: () => master.kill(), heal: () => master.restart() },
      emptied: { strike: () => asking(master, async (redis) => void (await redis.flushall())), heal: nothing },
      full: { strike: () => most('1'), heal: () => most('0') },
      evicting: {
        strike: (random) => asking(master, (redis) => evict(redis, () => random.chance(0.5))),
        heal: nothing,
      },
      // To an empty one. The old master lives on as its replica: whoever is connected stays connected to that.
      failover: {
        async strike() {
          [master, replica] = [replica, master];
          await asking(master, (redis) => redis.replicaof('NO', 'ONE'));
          proxy.leadTo(portOf(master));
          await asking(replica, (redis) => redis.replicaof('127.0.0.1', portOf(master)));
        },
        heal: nothing,
      },
    },
    stop: () => other.stop(),
  };
}

/** Half of the keys are gone, as under allkeys-random. */
async function evict(redis: Redis, isOne: () => boolean): Promise<void> {
  const keys = (await redis.keys('*')).sort().filter(isOne);
  if (keys.length > 0) await redis.del(...keys);
}
