import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { openMemoryCounters } from '../../services/adapters/memory/memory-counters.ts';
import { openRedisCounters } from '../../services/adapters/redis/redis-counters.ts';
import { periodStart } from '../../services/core/period.ts';
import { bytesOf } from '../../services/http/addresses/client-address.ts';
import { NewTokens } from '../../services/ingest/new-tokens.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { NO_POPULAR } from '../../services/shared/popular-networks.ts';
import { keysOf } from '../support/month-keys.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { type RedisServer, redisAvailable, startRedis } from '../support/redis.ts';
import { describeCounters } from './counters.suite.ts';

const missing = redisAvailable();
const PERIOD = '2026-11' as Period;
const clock = new SetClock(periodStart(PERIOD));

describe.skipIf(missing)(missing ?? 'with a Redis server', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  const open = (timeoutMs = PATIENCE_MS) =>
    openRedisCounters({ url: server.url, meanwhile: openMemoryCounters(clock), timeoutMs });

  describeCounters('redis', () => open());

  test('a limit holds over all processes, and Redis has keyed hashes and numbers that it forgets (redis)', async () => {
    const processes = [open(), open()];
    // Each with keys that it read by itself from the same place.
    const limits = processes.map(
      (counters) => new NewTokens({ perNetwork: 20, popular: NO_POPULAR, counters, keys: keysOf(), clock }),
    );
    const client = { bytes: bytesOf('198.51.100.7')!, direct: false };
    const all = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => limits[i % 2]!.take(PERIOD, client)));
    const taken = all.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThanOrEqual(16);
    expect(taken).toBeLessThanOrEqual(24);

    const redis = new Redis(server.url);
    const names = await redis.keys('*:n:*');
    for (const name of names) {
      expect(await redis.type(name)).toBe('string');
      expect(Number(await redis.get(name))).toBeGreaterThanOrEqual(0);
      expect(await redis.pttl(name)).toBeGreaterThan(0);
    }
    const ours = names.filter((name) => !name.includes('name-redis'));
    // Of its week, of its month, and of the wider network that it is part of.
    expect(ours).toHaveLength(3);
    for (const name of ours) expect(name).toMatch(/^rollcall:n:[A-Za-z0-9_-]{22}$/);
    redis.disconnect();
    await Promise.all(processes.map((one) => one.close()));
  });

  test('while Redis is away each process counts by itself, and nobody is turned away for it (redis)', async () => {
    const counters = open(3_000);
    expect(await counters.take([{ name: 'away', limit: 2 }], 60_000)).toBeUndefined();
    await server.kill();
    expect(await counters.take([{ name: 'away', limit: 1 }], 60_000)).toBeUndefined();
    expect(await counters.take([{ name: 'away', limit: 1 }], 60_000)).toBe(0);
    await server.restart();
    await counters.close();
  });
});
