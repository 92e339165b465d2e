import { expect, test } from 'vitest';
import { openMemoryJobQueue } from '../../services/adapters/memory/memory-job-queue.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { CLOSE_DUE_JOB, CLOSE_RETRIES } from '../../services/releases/close/close-jobs.ts';
import { lookingAgain } from '../../services/releases/close/look-again.ts';

const OCTOBER = parsePeriod('2026-10');

test('a period is looked at again once however often it is asked for, by nothing that keeps the process, and not after its end', async () => {
  const [jobs, looked] = [openMemoryJobQueue(), [] as unknown[]];
  jobs.handle(CLOSE_DUE_JOB, async (payload) => void looked.push(payload), CLOSE_RETRIES);
  await jobs.start();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const [again, before] = [lookingAgain(jobs, 30), timers()];
  for (let time = 0; time < 3; time++) again(OCTOBER);
  expect(timers()).toBe(before);
  await expect.poll(() => looked).toEqual([{ period: OCTOBER }]);
  again(OCTOBER);
  await expect.poll(() => looked).toEqual([{ period: OCTOBER }, { period: OCTOBER }]);
  again(OCTOBER);
  await jobs.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(looked).toHaveLength(2);
});
