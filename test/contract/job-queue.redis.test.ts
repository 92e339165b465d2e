import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBullmqJobQueue } from '../../services/adapters/bullmq/bullmq-job-queue.ts';
import type { JobQueue } from '../../services/adapters/job-queue.ts';
import { pause } from '../../services/shared/clock.ts';
import { SOON } from '../support/patience.ts';
import { type RedisServer, redisAvailable, startRedis } from '../support/redis.ts';
import { describeJobQueue } from './job-queue.suite.ts';

const missing = redisAvailable();

describe.skipIf(missing)(missing ?? 'with a Redis server', () => {
  let server: RedisServer;
  let prefix: string;
  let tests = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    prefix = `test${tests++}`;
  });

  const open = (timeoutMs = 5_000) => openBullmqJobQueue({ url: server.url, prefix, timeoutMs, lockMs: 1_000 });
  const using = async (use: (...queues: JobQueue[]) => Promise<void>, ...queues: JobQueue[]) => {
    try {
      await use(...queues);
    } finally {
      await Promise.all(queues.map((queue) => queue.close()));
    }
  };

  describeJobQueue({ name: 'redis', open: async () => open() });

  test('of several processes one does each job (redis)', () =>
    using(
      async (one, other) => {
        const done: string[] = [];
        for (const queue of [one!, other!]) {
          queue.handle('count', async ({ n }) => void done.push(`count ${n}`), { attempts: 1, backoffMs: 10 });
          queue.handle('tick', async () => void done.push('tick'), { attempts: 1, backoffMs: 10 });
          await queue.start();
        }
        await Promise.all([one!.schedule('tick', 3_600_000), other!.schedule('tick', 3_600_000)]);
        for (let n = 0; n < 20; n++) await (n % 2 ? one! : other!).enqueue('count', `k${n}`, { n });
        await vi.waitFor(() => expect(done.length).toBe(21), SOON);
        await pause(300);
        expect([...done].sort()).toEqual([...Array.from({ length: 20 }, (_, n) => `count ${n}`), 'tick'].sort());
      },
      open(),
      open(),
    ));

  test('a scheduled run in one process keeps the next away from another (redis)', () =>
    using(
      async (...queues) => {
        let running = 0;
        let most = 0;
        let runs = 0;
        for (const queue of queues) {
          const slow = async () => {
            most = Math.max(most, ++running);
            await pause(500);
            running--;
            runs++;
          };
          queue.handle('slow', slow, { attempts: 1, backoffMs: 10 });
          await queue.start();
        }
        await queues[0]!.schedule('slow', 100);
        await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(3), SOON);
        expect(most).toBe(1);
      },
      open(),
      open(),
    ));

  test('a process that handles nothing lists and retries the failed jobs of others (redis)', () =>
    using(
      async (worker, command) => {
        let broken = true;
        const handler = async () => {
          if (broken) throw Object.assign(new Error('Grandmother'), { code: 'store-unavailable' });
        };
        worker!.handle('count', handler, { attempts: 1, backoffMs: 10 });
        await worker!.start();
        await worker!.enqueue('count', '2026-11', {});
        await vi.waitFor(async () => expect(await command!.failed()).toHaveLength(1), SOON);
        const [failed] = await command!.failed();
        expect(failed?.id).toBe('count/key-2026-11');
        broken = false;
        expect(await command!.retry(failed!.id)).toBe(true);
        await vi.waitFor(async () => expect(await command!.failed()).toEqual([]), SOON);
      },
      open(),
      open(),
    ));

  test('neither message nor stack of a failure is in Redis (redis)', () =>
    using(async (queue) => {
      const canary = 'GrandmothersPhone';
      const handler = async () => {
        throw Object.assign(new Error(canary), { code: 'store-rejected' });
      };
      queue!.handle('count', handler, { attempts: 2, backoffMs: 10 });
      await queue!.start();
      await queue!.enqueue('count', 'k', {});
      await vi.waitFor(async () => expect(await queue!.failed()).toHaveLength(1), SOON);
      const stored = await everything(server.url, prefix);
      expect(stored).toContain('store-rejected');
      expect(stored).not.toContain(canary);
      expect(stored).not.toContain('job-queue.redis.test');
    }, open()));

  test('a job that was enqueued is done after Redis was away, and so is the schedule (redis)', () =>
    using(async (queue) => {
      const done: number[] = [];
      let ticks = 0;
      queue!.handle('count', async ({ n }) => void done.push(Number(n)), { attempts: 1, backoffMs: 10 });
      queue!.handle('tick', async () => void ticks++, { attempts: 1, backoffMs: 10 });
      await queue!.schedule('tick', 500);
      for (let n = 0; n < 5; n++) await queue!.enqueue('count', `k${n}`, { n });
      await server.restart();
      await queue!.start();
      await vi.waitFor(() => expect([...done].sort()).toEqual([0, 1, 2, 3, 4]), SOON);
      await server.restart();
      const before = ticks;
      // It may not have found its way back yet.
      await vi.waitFor(() => queue!.enqueue('count', 'later', { n: 9 }), SOON);
      await vi.waitFor(() => expect(done).toContain(9), SOON);
      await vi.waitFor(() => expect(ticks).toBeGreaterThan(before + 1), SOON);
    }, open()));

  test('while Redis is away a call fails soon and says so, and works again afterwards (redis)', () =>
    using(async (queue) => {
      const done: number[] = [];
      queue!.handle('count', async ({ n }) => void done.push(Number(n)), { attempts: 1, backoffMs: 10 });
      await queue!.start();
      await queue!.enqueue('count', 'first', { n: 1 });
      await server.kill();
      const before = performance.now();
      await expect(queue!.check()).rejects.toMatchObject({ code: 'jobs-unavailable', retryable: true });
      await expect(queue!.enqueue('count', 'second', { n: 2 })).rejects.toMatchObject({ code: 'jobs-unavailable' });
      expect(performance.now() - before).toBeLessThan(10 * 2 * 2_000);
      await server.restart();
      await vi.waitFor(() => queue!.check(), SOON);
      await queue!.enqueue('count', 'third', { n: 3 });
      await vi.waitFor(() => expect(done).toContain(3), SOON);
    }, open(2_000)));

  test('a queue opened while Redis is away works when it comes, and closes when it does not (redis)', async () => {
    await server.kill();
    const [waits, gives] = [open(1_000), open(1_000)];
    for (const queue of [waits, gives]) queue.handle('count', async () => {}, { attempts: 1, backoffMs: 10 });
    await gives.start();
    await expect(gives.enqueue('count', 'k', {})).rejects.toMatchObject({ code: 'jobs-unavailable' });
    await gives.close();
    await expect(waits.enqueue('count', 'k', {})).rejects.toMatchObject({ code: 'jobs-unavailable' });
    await server.restart();
    await using(async (queue) => {
      await vi.waitFor(() => queue!.enqueue('count', 'k', {}), SOON);
    }, waits);
  });

  test('a job whose process died is done by another (redis)', () =>
    using(
      async (dead, alive) => {
        let letGo = () => {};
        const never = new Promise<void>((resolve) => {
          letGo = resolve;
        });
        let begun = false;
        const handler = () => {
          begun = true;
          return never;
        };
        dead!.handle('count', handler, { attempts: 1, backoffMs: 10 });
        await dead!.start();
        await dead!.enqueue('count', 'k', {});
        await vi.waitFor(() => expect(begun).toBe(true), SOON);
        // What kill -9 leaves: a job that is marked as running, under a lock that nobody renews.
        await expireLocks(server.url, prefix);
        let done = 0;
        alive!.handle('count', async () => void done++, { attempts: 1, backoffMs: 10 });
        await alive!.start();
        await vi.waitFor(() => expect(done).toBe(1), SOON);
        letGo();
      },
      open(),
      open(),
    ));
});

async function everything(url: string, prefix: string): Promise<string> {
  const redis = new Redis(url);
  const texts: string[] = [];
  for (const key of await redis.keys(`${prefix}*`)) {
    const type = await redis.type(key);
    if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
    if (type === 'string') texts.push((await redis.get(key)) ?? '');
    if (type === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    if (type === 'set') texts.push(JSON.stringify(await redis.smembers(key)));
    if (type === 'zset') texts.push(JSON.stringify(await redis.zrange(key, 0, -1)));
    if (type === 'list') texts.push(JSON.stringify(await redis.lrange(key, 0, -1)));
  }
  redis.disconnect();
  return texts.join('\n');
}

async function expireLocks(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  for (const key of await redis.keys(`${prefix}:*:lock`)) await redis.del(key);
  redis.disconnect();
}
