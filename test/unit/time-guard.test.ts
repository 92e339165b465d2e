import { expect, test } from 'vitest';
import type { TimeSeen } from '../../services/core/leap.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { STANDS_MS, timeGuard } from '../../services/releases/close/time-guard.ts';
import { silentLog } from '../../services/shared/log.ts';

const DAY = 24 * 60 * 60_000;
const [OCTOBER, NOVEMBER] = [parsePeriod('2026-10'), parsePeriod('2026-11')];
const LAST_SECOND = Date.UTC(2026, 9, 31, 23, 59, 59);

/** A guard whose clock stands at `at`, of a host that has just booted; the last time that was seen before is `last`. */
function guardAt(at: number, last = LAST_SECOND, boot = 'now') {
  const seen: TimeSeen[] = [{ at: last, boot: 'before', uptimeMs: DAY }];
  const times = { timesSeen: async () => seen, noteTime: async (time: TimeSeen) => void seen.push(time) };
  const host = { boot, uptimeMs: 1_000 };
  let now = at;
  const start = () => timeGuard({ times, clock: { now: () => now }, uptime: () => ({ ...host }), journal: silentLog });
  const on = {
    ran: (ms: number) => {
      host.uptimeMs += ms;
      now += ms;
    },
    set: (to: number) => void (now = to),
  };
  return { ...start(), ...on, restarted: () => ({ ...start(), ...on }) };
}

test('by a clock that has leapt a month is closed when it had ended all the same, and no later one until somebody confirms', async () => {
  const guard = guardAt(LAST_SECOND + 40 * DAY);
  expect(await guard.mayClose(OCTOBER)).toBe(true);
  await expect(guard.mayClose(NOVEMBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  await guard.confirm();
  expect(await guard.mayClose(NOVEMBER)).toBe(true);
});

test('a boot far ahead on the last day of a month does not close it, until the host has run to its end for certain', async () => {
  const guard = guardAt(LAST_SECOND + 40 * DAY, LAST_SECOND - DAY / 2);
  await expect(guard.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  guard.ran(DAY / 4);
  await expect(guard.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  guard.ran(DAY / 4);
  expect(await guard.mayClose(OCTOBER)).toBe(true);
  await expect(guard.mayClose(NOVEMBER)).rejects.toMatchObject({ code: 'clock-leapt' });
});

test('a host that was off for a holiday closes what has ended meanwhile, when its clock has stood for half a minute', async () => {
  const guard = guardAt(LAST_SECOND + 6 * DAY, LAST_SECOND - 9 * DAY);
  expect(await guard.mayClose(OCTOBER)).toBe(false);
  guard.ran(STANDS_MS - 1);
  expect(await guard.mayClose(OCTOBER)).toBe(false);
  guard.ran(1);
  expect(await guard.mayClose(OCTOBER)).toBe(true);
  expect(await guard.mayClose(OCTOBER)).toBe(true);
});

test('a clock that was two weeks ahead at the boot and is set within half a minute has closed nothing', async () => {
  const guard = guardAt(LAST_SECOND + 4 * DAY, LAST_SECOND - 10 * DAY);
  expect(await guard.mayClose(OCTOBER)).toBe(false);
  guard.ran(STANDS_MS);
  guard.set(LAST_SECOND - 10 * DAY + STANDS_MS);
  await guard.note();
  guard.set(LAST_SECOND + 4 * DAY);
  // While the process runs two weeks cannot pass in a moment.
  await expect(guard.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  guard.ran(DAY);
  await expect(guard.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
});

test.each(['now', ''])(
  'a leap that a process met is not explained by starting anew, until the clock is right again (boot %j)',
  async (boot) => {
    const guard = guardAt(LAST_SECOND - 10 * DAY, LAST_SECOND - 10 * DAY, boot);
    await guard.note();
    guard.set(LAST_SECOND + 5 * DAY);
    await expect(guard.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
    const anew = guard.restarted();
    await expect(anew.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
    anew.ran(STANDS_MS);
    await expect(anew.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
    anew.set(LAST_SECOND - 10 * DAY + STANDS_MS);
    await anew.note();
    anew.ran(1_000);
    const later = guard.restarted();
    later.set(LAST_SECOND + 5 * DAY);
    expect(await later.mayClose(OCTOBER)).toBe(false);
  },
);

test('a clock that leaps once more behind a start has not stood', async () => {
  const guard = guardAt(LAST_SECOND - 8 * DAY, LAST_SECOND - 10 * DAY);
  await guard.note();
  guard.ran(2 * STANDS_MS);
  guard.set(LAST_SECOND + 5 * DAY);
  await expect(guard.mayClose(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
});

test('a clock that drifted while the host was off, and is put right behind the start, closes what has ended', async () => {
  const guard = guardAt(LAST_SECOND + 6 * DAY, LAST_SECOND - 9 * DAY);
  await guard.note();
  guard.ran(STANDS_MS);
  guard.set(LAST_SECOND + 6 * DAY - 20_000);
  expect(await guard.mayClose(OCTOBER)).toBe(true);
});
