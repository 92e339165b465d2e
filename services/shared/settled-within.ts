import { pause } from './clock.ts';

/** Whether `work` was settled, either way, before the time was over. It goes on in any case. */
export async function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const first = await Promise.race([settled, pause(ms, over.signal).then(() => false)]);
  over.abort();
  return first;
}
