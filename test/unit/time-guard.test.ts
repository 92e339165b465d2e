import { expect, test } from 'vitest';
import type { TimeSeen } from '../../services/core/leap.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { timeGuard } from '../../services/releases/close/time-guard.ts';
import { silentLog } from '../../services/shared/log.ts';

const DAY = 24 * 60 * 60_000;
const [OCTOBER, NOVEMBER] = [parsePeriod('2026-10'), parsePeriod('2026-11')];
const LAST_SECOND = Date.UTC(2026, 9, 31, 23, 59, 59);

/** A guard whose clock stands at `at`, of a host that has just booted; the last time that was seen before is `last`. */
function guardAt(at: number, last = LAST_SECOND) {
  const seen: TimeSeen[] = [{ at: last, boot: 'before', uptimeMs: DAY }];
  const times = { timesSeen: async () => seen, noteTime: async (time: TimeSeen) => void seen.push(time) };
  const host = { boot: 'now', uptimeMs: 1_000 };
  const guard = timeGuard({ times, clock: { now: () => at }, uptime: () => ({ ...host }), journal: silentLog });
  return { ...guard, ran: (ms: number) => void (host.uptimeMs += ms) };
}

test('by a clock that has leapt a month is closed when it had ended all the same, and no later one until somebody confirms', async () => {
  const guard = guardAt(LAST_SECOND + 40 * DAY);
  await guard.refuseLeap(OCTOBER);
  await expect(guard.refuseLeap(NOVEMBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  await guard.confirm();
  await guard.refuseLeap(NOVEMBER);
});

test('a boot far ahead on the last day of a month does not close it, until the host has run to its end for certain', async () => {
  const guard = guardAt(LAST_SECOND + 40 * DAY, LAST_SECOND - DAY / 2);
  await expect(guard.refuseLeap(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  guard.ran(DAY / 4);
  await expect(guard.refuseLeap(OCTOBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  guard.ran(DAY / 4);
  await guard.refuseLeap(OCTOBER);
  await expect(guard.refuseLeap(NOVEMBER)).rejects.toMatchObject({ code: 'clock-leapt' });
});
