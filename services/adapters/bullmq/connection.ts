import { Redis } from 'ioredis';

/** Redis is asked again after 100 ms, 200 ms, ... and at most this long. */
const LONGEST_RECONNECT_MS = 2_000;
/** A command that blocks waits up to ten seconds for a job: silence for longer is that of a dead connection. */
const SILENCE_MS = 15_000;
/** A connection is not given up twice within this time: the other side may be no master yet either. */
const LEAST_BETWEEN_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;

export interface ConnectionOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Whether its commands fail soon, or wait for Redis as long as it takes. */
  readonly patience: 'short' | 'endless';
}

/**
 * A connection that comes back by itself: after an outage, after bytes have vanished without a word, and after a
 * failover that left it with what is only a replica now.
 */
export function connectRedis({ url, timeoutMs, patience }: ConnectionOptions): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_RECONNECT_MS),
    reconnectOnError: leaveReplica(),
    ...(patience === 'short'
      ? { maxRetriesPerRequest: 2, commandTimeout: timeoutMs, socketTimeout: timeoutMs }
      : { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS }),
  });
  // ioredis reconnects by itself; without a listener it would print to the console.
  redis.on('error', () => {});
  return redis;
}

/** 2: connect anew, where the address leads to the new master, and send the command again. */
function leaveReplica(): (failure: Error) => 2 | false {
  let leftAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    const now = performance.now();
    if (!/READONLY|MASTERDOWN|UNBLOCKED/.test(message) || now - leftAt < LEAST_BETWEEN_MS) return false;
    leftAt = now;
    return 2;
  };
}
