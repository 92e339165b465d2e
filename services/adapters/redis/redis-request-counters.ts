import { once } from 'node:events';
import { Redis } from 'ioredis';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRedis from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
import type { CountRequest, RequestLimit } from '../../core/request-limit.ts';
import type { RequestCounters } from '../../ports/request-counters.ts';
import { counting } from '../request-counting.ts';

export interface RedisRequestCountersOptions {
  /** `redis://` or `rediss://` (TLS), with user and password when the server wants them. */
  readonly url: string;
  /** Begins the name of every key in Redis. */
  readonly prefix?: string;
  readonly timeoutMs?: number;
}

/** Every request waits for Redis: one that is silent for so long is taken to be away, until it speaks again. */
const TIMEOUT_MS = 500;
/** Redis is asked again after 100 ms, 200 ms, ... and at most this long. */
const LONGEST_RECONNECT_MS = 2_000;

/**
 * Counts for all processes together. Redis holds keyed hashes and numbers, each with when it is forgotten. While it is away
 * each process counts by itself: a limit that is kept by each is better than no census.
 */
export async function openRedisRequestCounters(options: RedisRequestCountersOptions): Promise<RequestCounters> {
  const { url, prefix = 'rollcall', timeoutMs = TIMEOUT_MS } = options;
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: timeoutMs,
    // A connection that hangs is given up, so that one request waits for it and not every one.
    socketTimeout: timeoutMs,
    enableAutoPipelining: true,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_MS),
  });
  // Each call tells; an emitter nobody listens to would end the process.
  redis.on('error', () => {});
  // What is counted before it is there is counted in this process alone.
  await once(redis, 'ready', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => {});
  return {
    of: (limit) => countedIn(redis, `${prefix}:r:${limit.name}`, limit),
    async close() {
      redis.disconnect();
    },
  };
}

function countedIn(redis: Redis, keyPrefix: string, limit: RequestLimit): CountRequest {
  const { most: points, windowSeconds: duration } = limit;
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix,
    points,
    duration,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory({ points, duration }),
    // Whoever was refused is refused until the window ends without asking Redis again.
    inMemoryBlockOnConsumed: points + 1,
  });
  return counting(limiter, limit);
}
