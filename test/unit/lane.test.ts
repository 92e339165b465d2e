import { expect, onTestFinished, test, vi } from 'vitest';
import { Lane, type LaneOptions } from '../../services/http/limits/lane.ts';
import { SOON } from '../support/patience.ts';

const OPEN: LaneOptions = { maxRunning: 2, maxWaiting: 100, maxWaitMs: 1_000, sliceMs: 1_000 };

/** Work that ends when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  let begun = 0;
  const work = () => {
    begun++;
    return new Promise<number>((resolve) => ends.push(() => resolve(begun)));
  };
  return { work, ends, begun: () => begun };
}

const turns = async (count = 5) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};

test('no more is under way at a time than may be, and the next begins when one ends, also by a failure', async () => {
  const lane = new Lane(OPEN);
  const { work, ends, begun } = held();
  const all = [lane.run(work), lane.run(() => work().then(() => Promise.reject(new Error('failed')))), lane.run(work)];
  const failed = expect(all[1]).rejects.toThrow('failed');
  await turns();
  expect(begun()).toBe(2);
  ends[1]?.();
  await failed;
  await turns();
  expect(begun()).toBe(3);
  for (const end of ends) end();
  await Promise.all([all[0], all[2]]);
});

test('what finds the line full is refused at once, and is told so before', async () => {
  const lane = new Lane({ ...OPEN, maxRunning: 1, maxWaiting: 2 });
  const { work, ends } = held();
  const running = lane.run(work);
  await turns();
  const waiting = [lane.run(work), lane.run(work)];
  expect(lane.full).toBe(true);
  await expect(lane.run(work)).rejects.toMatchObject({ code: 'busy', retryable: true });
  for (let n = 0; n < 3; n++) {
    ends[n]?.();
    await turns();
  }
  await Promise.all([running, ...waiting]);
  expect(lane.full).toBe(false);
});

test('what has waited too long is refused although all places are taken by what hangs', async () => {
  let now = 0;
  const lane = new Lane({ ...OPEN, maxRunning: 1, maxWaitMs: 40, now: () => now });
  const { work, begun } = held();
  void lane.run(work);
  await turns();
  const late = lane.run(work);
  now = 41;
  await expect(late).rejects.toMatchObject({ code: 'busy' });
  expect(begun()).toBe(1);
});

test('behind what hangs a line stands on when all of it was refused: nobody waits for as long as the first did', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let now = 0;
  const standing = { sinceMs: 2_000, waitMs: 500 };
  const lane = new Lane({ ...OPEN, maxRunning: 2, maxWaiting: 1_000, maxWaitMs: 2_000, standing, now: () => now });
  for (let i = 0; i < 2; i++) void lane.run(() => new Promise(() => {}));
  const waits: number[] = [];
  for (; now < 15_000; now += 10) {
    const came = now;
    lane.run(async () => {}).catch(() => came >= 4_000 && waits.push(now - came));
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(waits.length).toBeGreaterThan(500);
  expect(Math.max(...waits)).toBeLessThan(1_700);
});

test('what nobody waits for any more is not begun', async () => {
  const lane = new Lane({ ...OPEN, maxRunning: 1 });
  const { work, ends, begun } = held();
  const running = lane.run(work);
  await turns();
  let gone = false;
  const left = lane.run(work, () => gone);
  gone = true;
  ends[0]?.();
  await running;
  await expect(left).rejects.toMatchObject({ code: 'caller-gone' });
  expect(begun()).toBe(1);
});

test('others have their turn between works that take long', async () => {
  const order: string[] = [];
  let now = 0;
  const lane = new Lane({ ...OPEN, maxRunning: 100, sliceMs: 4, now: () => now });
  const report = async () => {
    order.push('report');
    now += 3;
  };
  const all = Array.from({ length: 6 }, () => lane.run(report));
  setImmediate(() => setImmediate(() => order.push('read')));
  await Promise.all(all);
  await turns();
  expect(order.indexOf('read')).toBeLessThan(order.length - 1);
  expect(order.filter((what) => what === 'report')).toHaveLength(6);
});

/** Reports of so many milliseconds each, one after another, as they come. */
function timed(options: Partial<LaneOptions>, tookMs: number) {
  const time = { ms: 0 };
  const lane = new Lane({ ...OPEN, maxRunning: 1_000, maxWaiting: 1_000, now: () => time.ms, ...options });
  let done = 0;
  const work = async () => {
    done++;
    time.ms += tookMs;
  };
  return { lane, time, done: () => done, arrive: () => lane.run(work) };
}

test('a burst is taken whole; what comes for good finds a line in which waiting is short, or is refused at once', async () => {
  const standing = { sinceMs: 1_000, waitMs: 100 };
  const { lane, time, arrive } = timed({ standing, sliceMs: 10, maxWaitMs: 5_000 }, 10);
  const burst = Array.from({ length: 90 }, arrive);
  expect(lane.full).toBe(false);
  await Promise.all(burst);
  // Two come for each that is done: for a second they are taken, from then on only those who wait for a tenth of it.
  const waits: number[] = [];
  let refused = 0;
  for (let n = 0; n < 400; n++) {
    for (const due of [time.ms, time.ms])
      if (lane.full) refused++;
      else
        arrive().then(
          () => void (due > 2_500 && waits.push(time.ms - due)),
          () => refused++,
        );
    await turns(1);
  }
  await turns(50);
  expect(refused).toBeGreaterThan(100);
  expect(waits.length).toBeGreaterThan(50);
  expect(Math.max(...waits)).toBeLessThanOrEqual(2 * standing.waitMs + 50);
});

test('when others have had the event loop for long, what was taken has it for as long', async () => {
  const { time, done, arrive } = timed({ sliceMs: 4 }, 1);
  const all = Array.from({ length: 200 }, arrive);
  // What is only read and refused has taken fifty milliseconds since the first one came.
  time.ms += 50;
  await turns(1);
  expect(done()).toBeGreaterThanOrEqual(50);
  expect(done()).toBeLessThan(100);
  for (let n = 0; n < 60; n++) await turns(1);
  await Promise.all(all);
});

test('while somebody reads, reports have a quarter of the time and are not kept waiting for good', async () => {
  let reading = true;
  const { time, done, arrive } = timed({ sliceMs: 100, givesWay: () => reading }, 1);
  const all = Array.from({ length: 20 }, arrive);
  await turns(1);
  const first = done();
  expect(first).toBeLessThanOrEqual(2);
  const rested = time.ms;
  await vi.waitFor(
    () => {
      time.ms++;
      expect(done()).toBeGreaterThan(first);
    },
    { ...SOON, interval: 1 },
  );
  expect(time.ms - rested).toBeGreaterThanOrEqual(3);
  reading = false;
  await vi.waitFor(() => expect(done()).toBe(20), { ...SOON, interval: 1 });
  await Promise.all(all);
});

test('a process that got no processor for seconds does the few that waited, and refuses those before them', async () => {
  const standing = { sinceMs: 500, waitMs: 100 };
  const { lane, time, arrive } = timed({ standing, few: 3, maxWaitMs: 1_000 }, 10);
  const came = Array.from({ length: 5 }, arrive);
  time.ms += 5_000;
  const settled = await Promise.allSettled(came);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', ...Array(3).fill('fulfilled')]);

  const [first, second, third] = [arrive(), arrive(), arrive()];
  time.ms += 5_000;
  expect(lane.full).toBe(true);
  await Promise.all([first, second, third]);
});
