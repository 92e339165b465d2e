import { expect, test } from 'vitest';
import { DueRuns } from '../../services/adapters/due-runs.ts';
import { openMemoryJobQueue } from '../../services/adapters/memory/memory-job-queue.ts';

const MINUTE = 60_000;

function watched(everyMs: number) {
  let now = 0;
  const runs = new DueRuns(() => now);
  runs.scheduled('snapshot', everyMs);
  return { runs, after: (ms: number) => void (now += ms) };
}

test('a job is overdue a minute after its end should have come, and not before', () => {
  const { runs, after } = watched(1_000);
  after(61_000);
  expect(runs.overdue()).toBeUndefined();
  after(1);
  expect(runs.overdue()).toBe('snapshot');
  runs.ended('snapshot');
  expect(runs.overdue()).toBeUndefined();
});

test('one of a longer interval has that much more time', () => {
  const { runs, after } = watched(60 * MINUTE);
  after(120 * MINUTE);
  expect(runs.overdue()).toBeUndefined();
  after(1);
  expect(runs.overdue()).toBe('snapshot');
});

test('a run that goes on is missed after half an hour', () => {
  const { runs, after } = watched(1_000);
  runs.running('snapshot');
  after(30 * MINUTE);
  // Told again by whoever looks: it began when it began.
  runs.running('snapshot');
  expect(runs.overdue()).toBeUndefined();
  after(1);
  expect(runs.overdue()).toBe('snapshot');
});

test('jobs that have no schedule are never overdue', () => {
  const { runs, after } = watched(1_000);
  runs.ended('snapshot');
  runs.running('close');
  after(30_000);
  expect(runs.overdue()).toBeUndefined();
});

test('a queue whose scheduled job hangs is not ready any more, and names it', async () => {
  let now = 0;
  const queue = openMemoryJobQueue(() => now);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  queue.handle('snapshot', () => held, { attempts: 1, backoffMs: 10 });
  await queue.schedule('snapshot', 1_000);
  await queue.start();
  now = 30 * MINUTE;
  await queue.check();
  now += 1;
  await expect(queue.check()).rejects.toMatchObject({ code: 'jobs-overdue', detail: { job: 'snapshot' } });
  letGo();
  await queue.close();
});
