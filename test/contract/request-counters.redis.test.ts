import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisRequestCounters } from '../../services/adapters/redis/redis-request-counters.ts';
import { ofPersistence } from '../../services/cli/doctor/jobs.ts';
import { limitKeys } from '../../services/compose/limit-keys.ts';
import { AddressNames } from '../../services/http/limits/rate-limit.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { NO_PROXIES } from '../../services/shared/trusted-proxies.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { type RedisServer, redisAvailable, startRedis } from '../support/redis.ts';
import { requestFrom } from '../support/request-from.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { describeRequestCounters } from './request-counters.suite.ts';

const missing = redisAvailable();

describe.skipIf(missing)(missing ?? 'with a Redis server', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  // On a machine under load Redis may be slow: it is not to be taken for one that is away.
  const open = (url = server.url, timeoutMs = PATIENCE_MS) => openRedisRequestCounters({ url, timeoutMs });

  describeRequestCounters('redis', () => open());

  test('a limit holds over all processes, and Redis has keyed hashes and numbers that it forgets (redis)', async () => {
    const processes = await Promise.all([open(), open()]);
    const counts = processes.map((one) => one.of({ name: 'shared', most: 20, windowSeconds: 60 }));
    // Each names networks under a key that it made by itself from the same secret.
    const secret = Buffer.from('a secret of the environment');
    const jobs = { kind: 'redis', url: server.url } as const;
    const names = processes.map(
      () =>
        new AddressNames(
          new SetClock(0),
          NO_PROXIES,
          limitKeys({ jobs }, () => secret),
        ),
    );
    const party = (i: number) => names[i % 2]!.of(requestFrom('198.51.100.7'))!;
    const all = await Promise.all(Array.from({ length: 60 }, (_, i) => counts[i % 2]!(party(i))));
    expect(all.filter(({ allowed }) => allowed)).toHaveLength(20);

    const redis = new Redis(server.url);
    const kept = await redis.keys('*:shared:*');
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatch(/^rollcall:r:shared:[A-Za-z0-9_-]{22}$/);
    for (const name of await redis.keys('*')) {
      expect(await redis.type(name)).toBe('string');
      expect(Number(await redis.get(name))).toBeGreaterThan(0);
      const left = await redis.pttl(name);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
    }
    redis.disconnect();
    await Promise.all(processes.map((one) => one.close()));
  });

  test('the doctor says whether Redis writes what it counts to its disk, also where it may not be asked (redis)', async () => {
    const redis = new Redis(server.url);
    try {
      expect(await ofPersistence(server.url)).toMatchObject({
        state: 'note',
        seen: 'on its disk: appendonly yes, save ""',
        todo: expect.stringContaining('appendonly no'),
      });
      await redis.config('SET', 'appendonly', 'no');
      expect(await ofPersistence(server.url)).toMatchObject({ state: 'fine', seen: 'nothing on its disk' });
      await redis.config('SET', 'save', '3600 1');
      expect(await ofPersistence(server.url)).toMatchObject({
        state: 'note',
        seen: expect.stringContaining('"3600 1"'),
      });
      await redis.call('ACL', 'SETUSER', 'hosted', 'on', '>hosted', '~*', '+@all', '-config');
      const hosted = server.url.replace('redis://', 'redis://hosted:hosted@');
      expect(await ofPersistence(hosted)).toMatchObject({
        state: 'unknown',
        todo: expect.stringContaining('appendonly'),
      });
    } finally {
      await redis.config('SET', 'save', '');
      await redis.config('SET', 'appendonly', 'yes');
      redis.disconnect();
    }
    const silent = await openTcpProxy(Number(new URL(server.url).port));
    silent.mode = 'swallow';
    expect(await ofPersistence(`redis://127.0.0.1:${silent.port}`)).toMatchObject({ state: 'unknown' });
    await silent.close();
  });

  test('one that hangs is waited for once, and each process counts by itself until it is back (redis)', async () => {
    const proxy = await openTcpProxy(Number(new URL(server.url).port));
    const counters = await open(`redis://127.0.0.1:${proxy.port}`, 300);
    const count = counters.of({ name: 'hangs', most: 3, windowSeconds: 60 });
    expect(await count('one')).toMatchObject({ allowed: true });
    proxy.mode = 'swallow';
    // What Redis had counted cannot be known: it begins anew.
    expect(await count('one')).toMatchObject({ allowed: true });
    const since = performance.now();
    for (let i = 0; i < 200; i++) await count('one');
    expect(await count('one')).toMatchObject({ allowed: false });
    // Two hundred that had each waited would have taken a minute.
    expect(performance.now() - since).toBeLessThan(20_000);
    await counters.close();
    await proxy.close();
  });

  test('while it is away nobody is turned away for it, also at the start, and it counts again when it is back (redis)', async () => {
    await server.kill();
    const counters = await open(server.url, 300);
    const count = counters.of({ name: 'away', most: 2, windowSeconds: 60 });
    const verdicts = [];
    for (let i = 0; i < 3; i++) verdicts.push((await count('one')).allowed);
    expect(verdicts).toEqual([true, true, false]);
    await server.restart();
    const redis = new Redis(server.url);
    const counted = async () => {
      await count('another');
      return redis.keys('*:r:away:*');
    };
    await expect.poll(counted, { timeout: PATIENCE_MS, interval: 100 }).toHaveLength(1);
    redis.disconnect();
    await counters.close();
  });
});
