import { expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { Merger, mergeAll } from '../../services/aggregator/merger.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { MergeOutcome } from '../../services/ports/fact-merger.ts';
import { silentLog } from '../../services/shared/log.ts';

const [OCTOBER, NOVEMBER] = ['2026-10', '2026-11'].map(parsePeriod) as [Period, Period];

/** A store in which a merge takes `tookMs` of a clock that only merges and rests move. */
function workshop(
  tookMs: number,
  options: { closing?: Period; answers?: (MergeOutcome | Error)[]; held?: Period[]; percent?: number } = {},
) {
  let now = 0;
  const merged: { period: Period; at: number }[] = [];
  const rests: number[] = [];
  const stop = new AbortController();
  const answers = [...(options.answers ?? [])];
  const store = {
    factPeriods: async () => options.held ?? [],
    async mergeFacts(period: Period) {
      merged.push({ period, at: now });
      now += tookMs;
      const answer = answers.shift() ?? 'merged';
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const isClosing = async (period: Period) => period === options.closing;
  const rest = async (ms: number) => {
    rests.push(ms);
    now += ms;
    if (rests.length >= 3) stop.abort();
  };
  const chosen = options.percent === undefined ? {} : { percent: options.percent };
  const merger = new Merger({ store, isClosing, journal: silentLog, elapsed: () => now, rest, ...chosen });
  return { merger, store, isClosing, merged, rests, stop };
}

test('an insert is merged at once, and the next one when merging has had 4 % of the time at most', async () => {
  const { merger, merged, rests, stop } = workshop(100);
  merger.inserted(NOVEMBER);
  merger.inserted(OCTOBER);
  const running = merger.run(stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  merger.inserted(NOVEMBER);
  await running;
  expect(merged).toEqual([
    { period: NOVEMBER, at: 0 },
    { period: OCTOBER, at: 2_500 },
    { period: NOVEMBER, at: 5_000 },
  ]);
  for (const rest of rests) expect(100 / (100 + rest)).toBeLessThanOrEqual(0.04);
});

test('who gives merging 20 % of the time has the next merge five times as soon', async () => {
  const { merger, merged, rests, stop } = workshop(100, { percent: 20 });
  for (const period of [NOVEMBER, OCTOBER]) merger.inserted(period);
  const running = merger.run(stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  merger.inserted(NOVEMBER);
  await running;
  expect(merged.map(({ at }) => at)).toEqual([0, 500, 1_000]);
  expect(rests).toEqual([400, 400, 400]);
});

test('what could not be merged, or was still read, is tried again', async () => {
  const { merger, merged, rests, stop } = workshop(1, { answers: [new Error('down'), 'still-read', 'merged'] });
  merger.inserted(NOVEMBER);
  await merger.run(stop.signal);
  expect(merged.map(({ period }) => period)).toEqual([NOVEMBER, NOVEMBER, NOVEMBER]);
  expect(rests).toEqual([1_000, 1_000, 24]);
});

test('what an earlier process has left is merged at the start', async () => {
  const { merger, merged, stop } = workshop(1, { held: [OCTOBER, NOVEMBER, OCTOBER] });
  const running = merger.run(stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running;
  expect(merged.map(({ period }) => period)).toEqual([OCTOBER, NOVEMBER]);
});

test('no merge touches a month that is being closed', async () => {
  const { merger, store, isClosing, merged, stop } = workshop(1, { closing: OCTOBER, held: [OCTOBER, NOVEMBER] });
  merger.inserted(OCTOBER);
  merger.inserted(NOVEMBER);
  const running = merger.run(stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running;
  await mergeAll({ store, isClosing });
  expect(merged.map(({ period }) => period)).toEqual([NOVEMBER, NOVEMBER]);
});

test('after a look that found nothing to merge there is no rest', async () => {
  const { merger, rests, stop } = workshop(50, { answers: ['nothing-to-merge'] });
  merger.inserted(NOVEMBER);
  const running = merger.run(stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await running;
  expect(rests).toEqual([0]);
});
