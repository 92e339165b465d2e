import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BullmqOptions, openBullmqJobQueue } from '../../services/adapters/bullmq/bullmq-job-queue.ts';
import type { JobQueue } from '../../services/adapters/job-queue.ts';
import type { JobOptions } from '../../services/ports/job-worker.ts';
import { Failure } from '../../services/shared/failure.ts';
import { SOON } from '../support/patience.ts';
import { type RedisServer, redisAvailable, startRedis } from '../support/redis.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const missing = redisAvailable();
const HOUR_MS = 3_600_000;
const ONCE: JobOptions = { attempts: 1, backoffMs: 10 };
const portOf = ({ url }: RedisServer) => Number(new URL(url).port);

describe.skipIf(missing)(missing ?? 'with a Redis that is in trouble', () => {
  let server: RedisServer;
  let other: RedisServer;
  let redis: Redis;
  let prefix: string;
  let tests = 0;
  const opened: { close(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    [server, other] = await Promise.all([startRedis(), startRedis()]);
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await Promise.all([server?.stop(), other?.stop()]);
  });
  beforeEach(() => {
    prefix = `fault${tests++}`;
  });
  afterEach(async () => {
    for (const resource of opened.splice(0).reverse()) await resource.close();
  });

  /** A queue whose job `tick` counts its runs. */
  async function ticking(everyMs: number, more: Partial<BullmqOptions> = {}) {
    const queue = openBullmqJobQueue({
      url: server.url,
      prefix,
      timeoutMs: 1_000,
      lockMs: 1_000,
      lookMs: 200,
      ...more,
    });
    opened.push(queue);
    const ticks = { runs: 0 };
    queue.handle('tick', async () => void ticks.runs++, ONCE);
    await queue.schedule('tick', everyMs);
    await queue.start();
    await vi.waitFor(() => expect(ticks.runs).toBeGreaterThan(0), SOON);
    return { queue, ticks, runsAgain: () => runsAgain(ticks) };
  }

  async function runsAgain(ticks: { readonly runs: number }): Promise<void> {
    const before = ticks.runs;
    await vi.waitFor(() => expect(ticks.runs).toBeGreaterThan(before), SOON);
  }

  const proxied = async (): Promise<{ proxy: TcpProxy; url: string }> => {
    const proxy = await openTcpProxy(portOf(server));
    opened.push(proxy);
    return { proxy, url: `redis://127.0.0.1:${proxy.port}` };
  };

  test('a schedule is put back into a Redis that was emptied, however long its interval is, and the journal says so', async () => {
    const lines: string[] = [];
    const journal = { info: () => {}, warn: (line: string) => void lines.push(line), error: () => {} };
    const { queue, runsAgain } = await ticking(HOUR_MS, { journal });
    await redis.flushall();
    await runsAgain();
    expect(lines.filter((line) => line.includes('Redis has lost a schedule'))).toHaveLength(1);
    // And so is all that jobs of other names need.
    const done: unknown[] = [];
    queue.handle('close', async (payload) => void done.push(payload), ONCE);
    await redis.flushall();
    await queue.enqueue('close', '2026-10', { period: '2026-10' });
    await vi.waitFor(() => expect(done).toEqual([{ period: '2026-10' }]), SOON);
  });

  test('a job runs again whatever single key a Redis that evicts has dropped', async () => {
    const { runsAgain } = await ticking(200);
    const kept = (await redis.keys(`${prefix}*`)).sort();
    expect(kept.length).toBeGreaterThan(3);
    for (const key of kept) {
      await redis.del(key);
      await runsAgain();
    }
  });

  test('a job whose place in the queue was dropped, and nothing else of it, does not stay away for ever', async () => {
    const queue = openBullmqJobQueue({ url: server.url, prefix, lookMs: 200 });
    opened.push(queue);
    let runs = 0;
    queue.handle('tick', async () => void runs++, ONCE);
    await queue.schedule('tick', 200);
    await redis.del(`${prefix}:tick:wait`, `${prefix}:tick:marker`);
    expect(await redis.exists(`${prefix}:tick:scheduled`)).toBe(1);
    await queue.start();
    await vi.waitFor(() => expect(runs).toBeGreaterThan(0), SOON);
  });

  test('a Redis that is full, which answers pings, is not ready; and jobs run again when there is room', async () => {
    const { queue, runsAgain } = await ticking(200);
    await redis.config('SET', 'maxmemory', '1');
    try {
      await expect(queue.check()).rejects.toMatchObject({ code: 'jobs-unavailable', retryable: true });
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
    await vi.waitFor(() => queue.check(), SOON);
    await runsAgain();
  });

  test('after a failover in which the old master lives on as a replica, jobs go on at the new one', async () => {
    const { proxy, url } = await proxied();
    const { queue, runsAgain } = await ticking(200, { url });
    const promoted = new Redis(other.url);
    try {
      // Whoever connects anew comes to the new master; what is connected stays where it is.
      proxy.leadTo(portOf(other));
      await redis.replicaof('127.0.0.1', portOf(other));
      await vi.waitFor(() => queue.check(), SOON);
      await runsAgain();
      // The first run may be one that the old master had handed out before.
      await vi.waitFor(async () => expect(Number(await promoted.get(`${prefix}-runs:tick`))).toBeGreaterThan(0), SOON);
    } finally {
      promoted.disconnect();
      await redis.replicaof('NO', 'ONE');
    }
  });

  test('where the only Redis there is has become a replica, the queue is not ready', async () => {
    const { queue } = await ticking(200);
    await redis.replicaof('127.0.0.1', portOf(other));
    try {
      await expect(queue.check()).rejects.toMatchObject({ code: 'jobs-unavailable' });
    } finally {
      await redis.replicaof('NO', 'ONE');
    }
    await vi.waitFor(() => queue.check(), SOON);
  });

  test('connections whose bytes vanish are given up: not ready meanwhile, and jobs run again by themselves', async () => {
    const { proxy, url } = await proxied();
    const { queue, runsAgain } = await ticking(200, { url });
    proxy.mode = 'swallow';
    await expect(queue.check()).rejects.toMatchObject({ code: 'jobs-unavailable' });
    proxy.mode = 'pass';
    await vi.waitFor(() => queue.check(), SOON);
    await runsAgain();
  });

  test('a turn that is further away than its interval, as after a clock was put back, is ignored', async () => {
    const { runsAgain } = await ticking(HOUR_MS);
    await redis.pexpire(`${prefix}-turn:tick`, 2 * HOUR_MS);
    await runsAgain();
  });

  test('so is the next attempt of a failed run that a host with a wrong clock has put an hour away', async () => {
    const queue: JobQueue = openBullmqJobQueue({ url: server.url, prefix, lookMs: 200 });
    opened.push(queue);
    let runs = 0;
    const failsOnce = async () => {
      if (runs++ === 0) throw new Failure('store-unavailable');
    };
    queue.handle('tick', failsOnce, { attempts: 2, backoffMs: 1_000 });
    await queue.schedule('tick', 200);
    await queue.start();
    const delayed = `${prefix}:tick:delayed`;
    await vi.waitFor(async () => expect(await redis.zcard(delayed)).toBe(1), SOON);
    await redis.zincrby(delayed, HOUR_MS * 0x1000, 'scheduled');
    await vi.waitFor(() => expect(runs).toBeGreaterThan(1), SOON);
  });
});
