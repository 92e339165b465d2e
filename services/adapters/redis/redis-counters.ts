import { Redis } from 'ioredis';
import type { Counted, Counters } from '../../ports/counters.ts';

export interface RedisCountersOptions {
  /** `redis://` or `rediss://` (TLS), with user and password when the server wants them. */
  readonly url: string;
  /** Begins the name of every key in Redis. */
  readonly prefix?: string;
  /** What counts while Redis does not answer: a limit that is kept by each process is better than no census. */
  readonly meanwhile: Counters;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
/** Redis is asked again after 100 ms, 200 ms, ... and at most this long. */
const LONGEST_RECONNECT_MS = 2_000;

/** All or none, at once: whoever comes at the same moment sees one before or after the other. */
const TAKE = `
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 1]) then return i end
end
for _, key in ipairs(KEYS) do
  redis.call('INCR', key)
  redis.call('PEXPIRE', key, ARGV[1])
end
return 0`;

/** A number that is gone meanwhile stays gone. */
const GIVE_BACK = `
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
return 0`;

/** Numbers that all processes share. Redis holds keyed hashes, numbers and when each is forgotten. */
export function openRedisCounters(options: RedisCountersOptions): Counters {
  const { url, meanwhile, prefix = 'rollcall', timeoutMs = TIMEOUT_MS } = options;
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_MS),
  });
  // Each call tells; an emitter nobody listens to would end the process.
  redis.on('error', () => {});
  const run = async (script: string, names: readonly string[], values: readonly (string | number)[]) =>
    Number(await redis.eval(script, names.length, ...names.map((name) => `${prefix}:n:${name}`), ...values));
  return {
    async take(numbers: readonly Counted[], expiresInMs: number) {
      const names = numbers.map(({ name }) => name);
      try {
        const full = await run(TAKE, names, [Math.ceil(expiresInMs), ...numbers.map(({ limit }) => limit)]);
        return full === 0 ? undefined : full - 1;
      } catch {
        return meanwhile.take(numbers, expiresInMs);
      }
    },
    async giveBack(names) {
      await run(GIVE_BACK, names, []).catch(() => meanwhile.giveBack(names));
    },
    async close() {
      redis.disconnect();
      await meanwhile.close();
    },
  };
}
