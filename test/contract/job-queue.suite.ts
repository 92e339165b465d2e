import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { JobQueue } from '../../services/adapters/job-queue.ts';
import type { JobHandler, JobOptions } from '../../services/ports/job-worker.ts';
import { pause } from '../../services/shared/clock.ts';
import { Failure } from '../../services/shared/failure.ts';
import { Thrown } from '../support/failures.ts';
import { SOON } from '../support/patience.ts';

export interface JobQueueAdapter {
  /** Stands in each test's name. */
  readonly name: string;
  /** A queue that knows nothing of any earlier one. The suite closes it. */
  open(): Promise<JobQueue>;
}

const ONCE: JobOptions = { attempts: 1, backoffMs: 10 };
/** Long enough for what must not happen to have happened. */
const quiet = () => pause(400);

/** A handler that can be held, with what it was called for. */
class Work {
  readonly payloads: Readonly<Record<string, string | number>>[] = [];
  readonly startedAt: number[] = [];
  running = 0;
  mostAtOnce = 0;
  #let: () => void = () => {};
  #held: Promise<void> = Promise.resolve();

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#let = resolve;
    });
  }
  release(): void {
    this.#let();
  }
  readonly handler: JobHandler = async (payload) => {
    this.payloads.push(payload);
    this.startedAt.push(performance.now());
    this.running++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await this.#held;
    this.running--;
  };
}

/** One test, or more, for each sentence of the port's comments. */
export function describeJobQueue({ name: adapter, open }: JobQueueAdapter): void {
  describe(`JobQueue on ${adapter}`, () => {
    const thrown = new Thrown();
    const opened: JobQueue[] = [];
    const releases: (() => void)[] = [];

    const opens = async () => {
      const queue = thrown.watch(await open());
      opened.push(queue);
      return queue;
    };
    const started = async (name: string, handler: JobHandler, options: JobOptions = ONCE) => {
      const queue = await opens();
      queue.handle(name, handler, options);
      await queue.start();
      return queue;
    };
    const held = () => {
      const work = new Work();
      work.hold();
      releases.push(() => work.release());
      return work;
    };

    afterEach(async () => {
      for (const release of releases.splice(0)) release();
      await Promise.all(opened.splice(0).map((queue) => queue.close()));
    });
    /** Of every test here. */
    afterAll(() => thrown.expectOfTheSet('closed', 'job-not-handled'));

    test(`a name is handled once (${adapter})`, async () => {
      const queue = await opens();
      queue.handle('count', new Work().handler, ONCE);
      expect(() => queue.handle('count', new Work().handler, ONCE)).toThrow();
    });

    test(`nothing is scheduled or enqueued under a name that is not handled (${adapter})`, async () => {
      const queue = await opens();
      await expect(queue.schedule('count', 1000)).rejects.toBeInstanceOf(Failure);
      await expect(queue.enqueue('count', 'a', {})).rejects.toBeInstanceOf(Failure);
    });

    test(`a scheduled job runs at once, then again every so often (${adapter})`, async () => {
      const [hourly, often] = [new Work(), new Work()];
      const queue = await started('hourly', hourly.handler);
      queue.handle('often', often.handler, ONCE);
      // It would be an hour until the second run: the one that comes is the one at once.
      await queue.schedule('hourly', 3_600_000);
      await vi.waitFor(() => expect(hourly.startedAt).toHaveLength(1), SOON);
      const scheduled = performance.now();
      await queue.schedule('often', 400);
      await vi.waitFor(() => expect(often.startedAt.length).toBeGreaterThanOrEqual(3), SOON);
      // One at once, then each at its time; one that comes late moves none of the others.
      expect(often.startedAt.length).toBeLessThanOrEqual((performance.now() - scheduled) / 400 + 1.5);
      expect(hourly.startedAt).toHaveLength(1);
    });

    test(`a newer interval replaces the older (${adapter})`, async () => {
      const work = new Work();
      const queue = await started('count', work.handler);
      await queue.schedule('count', 150);
      await vi.waitFor(() => expect(work.payloads.length).toBeGreaterThanOrEqual(2), SOON);
      await queue.schedule('count', 3_600_000);
      await quiet();
      const runs = work.payloads.length;
      await quiet();
      await quiet();
      expect(work.payloads.length).toBe(runs);
    });

    test(`a run that is due while the one before goes on does not join it (${adapter})`, async () => {
      const work = held();
      const queue = await started('count', work.handler);
      await queue.schedule('count', 100);
      await vi.waitFor(() => expect(work.running).toBe(1), SOON);
      await pause(1000);
      expect(work.payloads).toHaveLength(1);
      work.release();
      await vi.waitFor(() => expect(work.payloads.length).toBeGreaterThanOrEqual(3), SOON);
      expect(work.mostAtOnce).toBe(1);
    });

    test(`an enqueued job runs SOON, with its payload (${adapter})`, async () => {
      const work = new Work();
      const queue = await started('close-period', work.handler);
      await queue.enqueue('close-period', '2026-11', { period: '2026-11', attempt: 7 });
      await vi.waitFor(() => expect(work.payloads).toEqual([{ period: '2026-11', attempt: 7 }]), SOON);
    });

    test(`a second job of the same key is not added while the first waits (${adapter})`, async () => {
      const work = new Work();
      const queue = await opens();
      queue.handle('release', work.handler, ONCE);
      await queue.enqueue('release', 'maker: A/B', { n: 1 });
      await queue.enqueue('release', 'maker: A/B', { n: 2 });
      await queue.enqueue('release', 'maker: C', { n: 3 });
      await queue.start();
      await vi.waitFor(() => expect(work.payloads).toHaveLength(2), SOON);
      await quiet();
      expect(work.payloads).toEqual([{ n: 1 }, { n: 3 }]);
    });

    test(`a second job of the same key is not added while the first runs, and is afterwards (${adapter})`, async () => {
      const work = held();
      const queue = await started('release', work.handler);
      await queue.enqueue('release', '12', { n: 1 });
      await vi.waitFor(() => expect(work.running).toBe(1), SOON);
      await queue.enqueue('release', '12', { n: 2 });
      work.release();
      await quiet();
      expect(work.payloads).toEqual([{ n: 1 }]);
      await queue.enqueue('release', '12', { n: 3 });
      await vi.waitFor(() => expect(work.payloads).toEqual([{ n: 1 }, { n: 3 }]), SOON);
    });

    test(`the same key under another name is another job (${adapter})`, async () => {
      const [count, close] = [new Work(), new Work()];
      const queue = await opens();
      queue.handle('count', count.handler, ONCE);
      queue.handle('close', close.handler, ONCE);
      await queue.enqueue('count', 'k', {});
      await queue.enqueue('close', 'k', {});
      await queue.start();
      await vi.waitFor(() => expect([count.payloads.length, close.payloads.length]).toEqual([1, 1]), SOON);
    });

    test(`jobs of different names run side by side (${adapter})`, async () => {
      const [slow, quick] = [held(), new Work()];
      const queue = await opens();
      queue.handle('slow', slow.handler, ONCE);
      queue.handle('quick', quick.handler, ONCE);
      await queue.start();
      await queue.enqueue('slow', 'k', {});
      await vi.waitFor(() => expect(slow.running).toBe(1), SOON);
      await queue.enqueue('quick', 'k', {});
      await vi.waitFor(() => expect(quick.payloads).toHaveLength(1), SOON);
    });

    test(`a failing job is attempted as often as its options say, with pauses that double (${adapter})`, async () => {
      const at: number[] = [];
      const fails = async () => {
        at.push(performance.now());
        throw new Failure('store-unavailable');
      };
      const queue = await started('count', fails, { attempts: 3, backoffMs: 200 });
      await queue.enqueue('count', 'k', {});
      await vi.waitFor(async () => expect(await queue.failed()).toHaveLength(1), SOON);
      expect(at).toHaveLength(3);
      expect(at[1]! - at[0]!).toBeGreaterThan(190);
      expect(at[2]! - at[1]!).toBeGreaterThan(390);
    });

    test(`a failed job is listed with its name, attempts and a code, never a message (${adapter})`, async () => {
      const fails = async () => {
        throw Object.assign(new Error('row 17: "Grandmother\'s phone"'), { code: 'store-rejected' });
      };
      const queue = await started('count', fails, { attempts: 2, backoffMs: 10 });
      await queue.enqueue('count', 'k', {});
      await vi.waitFor(async () => expect(await queue.failed()).toHaveLength(1), SOON);
      const [failed] = await queue.failed();
      expect(failed).toEqual({ id: expect.any(String), name: 'count', attempts: 2, reason: 'store-rejected' });
    });

    test.each([
      ['has none', new Error('Grandmother')],
      ['is text', Object.assign(new Error('x'), { code: "Grandmother's phone" })],
      ['is a failure without an error', 'Grandmother'],
    ])(`a code that %s becomes "failed" (${adapter})`, async (_, thrown) => {
      const queue = await started('count', () => Promise.reject(thrown));
      await queue.enqueue('count', 'k', {});
      await vi.waitFor(async () => expect((await queue.failed())[0]?.reason).toBe('failed'), SOON);
    });

    test(`a failure that no retry can mend is not attempted again (${adapter})`, async () => {
      const work = new Work();
      const fails: JobHandler = async (payload) => {
        await work.handler(payload);
        throw new Failure('signing-key-unreadable');
      };
      const queue = await started('release', fails, { attempts: 5, backoffMs: 10 });
      await queue.enqueue('release', 'k', {});
      await vi.waitFor(async () => expect((await queue.failed())[0]?.reason).toBe('signing-key-unreadable'), SOON);
      await quiet();
      expect(work.payloads).toHaveLength(1);
    });

    test(`a job that succeeds after a failure is not a failed job (${adapter})`, async () => {
      const work = new Work();
      const queue = await started(
        'count',
        async (payload) => {
          await work.handler(payload);
          if (work.payloads.length === 1) throw new Failure('store-unavailable');
        },
        { attempts: 3, backoffMs: 10 },
      );
      await queue.enqueue('count', 'k', {});
      await vi.waitFor(() => expect(work.payloads).toHaveLength(2), SOON);
      await quiet();
      expect(await queue.failed()).toEqual([]);
    });

    test(`a failed job can be attempted again, with its payload and all its attempts (${adapter})`, async () => {
      let broken = true;
      const work = new Work();
      const queue = await started(
        'count',
        async (payload) => {
          await work.handler(payload);
          if (broken) throw new Failure('store-unavailable');
        },
        { attempts: 2, backoffMs: 10 },
      );
      await queue.enqueue('count', 'k', { n: 4 });
      await vi.waitFor(async () => expect(await queue.failed()).toHaveLength(1), SOON);
      const id = (await queue.failed())[0]!.id;
      expect(await queue.retry(id)).toBe(true);
      await vi.waitFor(() => expect(work.payloads).toHaveLength(4), SOON);
      await vi.waitFor(async () => expect(await queue.failed()).toHaveLength(1), SOON);
      broken = false;
      expect(await queue.retry(id)).toBe(true);
      await vi.waitFor(() => expect(work.payloads).toHaveLength(5), SOON);
      await vi.waitFor(async () => expect(await queue.failed()).toEqual([]), SOON);
      expect(work.payloads).toEqual(Array(5).fill({ n: 4 }));
    });

    test(`a failed job does not keep a new one of its key away (${adapter})`, async () => {
      const work = new Work();
      const queue = await started('count', async (payload) => {
        await work.handler(payload);
        if (payload.n === 1) throw new Failure('no-facts');
      });
      await queue.enqueue('count', 'k', { n: 1 });
      await vi.waitFor(async () => expect(await queue.failed()).toHaveLength(1), SOON);
      await queue.enqueue('count', 'k', { n: 2 });
      await vi.waitFor(() => expect(work.payloads).toEqual([{ n: 1 }, { n: 2 }]), SOON);
    });

    test(`retrying an id that no failed job has answers false (${adapter})`, async () => {
      const queue = await started('count', new Work().handler);
      expect(await queue.retry('count/key-none')).toBe(false);
      expect(await queue.retry('nothing')).toBe(false);
    });

    test(`nothing runs before start (${adapter})`, async () => {
      const work = new Work();
      const queue = await opens();
      queue.handle('count', work.handler, ONCE);
      await queue.schedule('count', 100);
      await queue.enqueue('count', 'k', {});
      await quiet();
      expect(work.payloads).toEqual([]);
      await queue.start();
      await vi.waitFor(() => expect(work.payloads.length).toBeGreaterThanOrEqual(2), SOON);
    });

    test(`check resolves while jobs can be taken and rejects after close (${adapter})`, async () => {
      const queue = await started('count', new Work().handler);
      await queue.check();
      await queue.close();
      await expect(queue.check()).rejects.toMatchObject({ code: 'closed' });
    });

    test(`close waits for the job that runs (${adapter})`, async () => {
      const work = held();
      const queue = await started('count', work.handler);
      await queue.enqueue('count', 'k', {});
      await vi.waitFor(() => expect(work.running).toBe(1), SOON);
      let closed = false;
      const closing = queue.close().then(() => {
        closed = true;
      });
      await quiet();
      expect(closed).toBe(false);
      work.release();
      await closing;
      expect(work.running).toBe(0);
    });

    test(`after close no job is taken, and none that waited is begun (${adapter})`, async () => {
      const work = held();
      const queue = await started('count', work.handler);
      await queue.schedule('count', 50);
      await vi.waitFor(() => expect(work.running).toBe(1), SOON);
      await queue.enqueue('count', 'k', {});
      const closing = queue.close();
      work.release();
      await closing;
      await quiet();
      expect(work.payloads).toHaveLength(1);
      const closed = { code: 'closed', retryable: true };
      await expect(queue.enqueue('count', 'other', {})).rejects.toMatchObject(closed);
      await expect(queue.schedule('count', 50)).rejects.toMatchObject(closed);
      await expect(queue.start()).rejects.toMatchObject(closed);
      await expect(queue.retry('count/key-none')).rejects.toMatchObject(closed);
    });

    test(`closing twice is closing once (${adapter})`, async () => {
      const queue = await started('count', new Work().handler);
      await Promise.all([queue.close(), queue.close()]);
      await queue.close();
    });
  });
}
