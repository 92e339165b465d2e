import { afterEach, expect, test, vi } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import type { Transition } from '../../schemas/release.ts';
import { parsePeriod, periodEnd } from '../../services/core/period.ts';
import { SharedCloses } from '../../services/ingest/known-closes.ts';
import { openPeriodsBy } from '../../services/ingest/open-periods.ts';
import { silentLog } from '../../services/shared/log.ts';
import { SOON } from '../support/patience.ts';

const [OCTOBER, NOVEMBER] = ['2026-10', '2026-11'].map(parsePeriod) as [Period, Period];
const HOUR = 60 * 60_000;
const MID_NOVEMBER = periodEnd(OCTOBER) + 10 * 24 * HOUR;

/** Of a store: what others have written there. */
class Store {
  begun: Period[] = [];
  away = false;
  looks = 0;
  now = MID_NOVEMBER;
  readonly releases = {
    transitions: async () => {
      this.looks++;
      if (this.away) throw new Error('away');
      return this.begun.map((period) => ({ period, step: 'CLOSING' }) as Transition);
    },
    closeFailures: async () => [],
  };
}

const opened: SharedCloses[] = [];
afterEach(async () => {
  for (const closes of opened.splice(0)) await closes.close();
});

/** Looks once by itself, and then only when it is asked to. */
async function closesBy(store: Store, now: () => number, more: { readBefore?: () => number } = {}) {
  const closes = new SharedCloses({
    ...{ releases: store.releases, clock: { now }, journal: silentLog, everyMs: 3_600_000, elapsed: () => 0 },
    storeClock: { name: 'store', now: async () => store.now },
    ...more,
  });
  opened.push(closes);
  await vi.waitFor(() => expect(store.looks).toBeGreaterThan(0), SOON);
  await new Promise((resolve) => setImmediate(resolve));
  return closes;
}

test('a host whose clock is behind takes nothing of a month that others have closed', async () => {
  const store = new Store();
  store.begun = [OCTOBER];
  const behind = () => periodEnd(OCTOBER) + 3 * HOUR;
  const closes = await closesBy(store, behind);
  expect(openPeriodsBy({ now: behind }, closes)()).toEqual([NOVEMBER]);
  expect(closes.hasBegun(OCTOBER)).toBe(true);
});

test('it answers for what it has appended only after a look that began later: a close in between refuses it', async () => {
  const store = new Store();
  const closes = await closesBy(store, () => periodEnd(OCTOBER) + 3 * HOUR);
  expect(await closes.stillOpen(OCTOBER)).toBe(true);
  store.begun = [OCTOBER];
  expect(closes.hasBegun(OCTOBER)).toBe(false);
  expect(await closes.stillOpen(OCTOBER)).toBe(false);
  expect(closes.hasBegun(OCTOBER)).toBe(true);
});

test('all who ask while a look is under way share the next one', async () => {
  const store = new Store();
  const closes = await closesBy(store, () => periodEnd(OCTOBER) + 3 * HOUR);
  const before = store.looks;
  await Promise.all(Array.from({ length: 50 }, () => closes.stillOpen(OCTOBER)));
  expect(store.looks - before).toBeLessThanOrEqual(2);
});

test('where the clocks agree nobody is asked before the last hour of the grace, store away or not', async () => {
  const store = new Store();
  const closes = await closesBy(store, () => MID_NOVEMBER + 4 * 60_000);
  store.away = true;
  const before = store.looks;
  expect(await closes.stillOpen(NOVEMBER)).toBe(true);
  expect(store.looks).toBe(before);
  await expect(closes.stillOpen(OCTOBER)).rejects.toMatchObject({ code: 'closes-unknown', retryable: true });
});

test('a clock that has leapt since is not believed any more', async () => {
  const store = new Store();
  let now = MID_NOVEMBER;
  const closes = await closesBy(store, () => now);
  expect(await closes.stillOpen(NOVEMBER)).toBe(true);
  store.away = true;
  now -= 6 * 60_000;
  await expect(closes.stillOpen(NOVEMBER)).rejects.toMatchObject({ code: 'closes-unknown' });
});

test('a process that begins while the store is away goes on where one before it ended lately', async () => {
  const store = new Store();
  store.away = true;
  const [lately, longAgo] = [MID_NOVEMBER - HOUR, MID_NOVEMBER - 25 * HOUR];
  const goesOn = await closesBy(store, () => MID_NOVEMBER, { readBefore: () => lately });
  expect(await goesOn.stillOpen(NOVEMBER)).toBe(true);
  for (const readBefore of [() => longAgo, () => MID_NOVEMBER + HOUR]) {
    const alone = await closesBy(store, () => MID_NOVEMBER, { readBefore });
    await expect(alone.stillOpen(NOVEMBER)).rejects.toMatchObject({ code: 'closes-unknown' });
  }
});
