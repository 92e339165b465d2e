import { expect, test } from 'vitest';
import type { TimeSeen } from '../../services/core/leap.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { timeGuard } from '../../services/releases/close/time-guard.ts';
import { silentLog } from '../../services/shared/log.ts';

const DAY = 24 * 60 * 60_000;
const [OCTOBER, NOVEMBER] = [parsePeriod('2026-10'), parsePeriod('2026-11')];
const LAST_SECOND = Date.UTC(2026, 9, 31, 23, 59, 59);

/** A guard whose clock stands at `at`, of a host that has just booted; its clock stood at the last second of October before. */
function guardAt(at: number) {
  const seen: TimeSeen[] = [{ at: LAST_SECOND, boot: 'before', uptimeMs: DAY }];
  const times = { timesSeen: async () => seen, noteTime: async (time: TimeSeen) => void seen.push(time) };
  const uptime = () => ({ boot: 'now', uptimeMs: 1_000 });
  return timeGuard({ times, clock: { now: () => at }, uptime, journal: silentLog });
}

test('by a clock that has leapt a month is closed when it had ended all the same, and no later one until somebody confirms', async () => {
  const guard = guardAt(LAST_SECOND + 40 * DAY);
  await guard.refuseLeap(OCTOBER);
  await expect(guard.refuseLeap(NOVEMBER)).rejects.toMatchObject({ code: 'clock-leapt' });
  await guard.confirm();
  await guard.refuseLeap(NOVEMBER);
});
