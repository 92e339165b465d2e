import { periodAt } from '../../../services/core/period.ts';
import { type Counts, get } from '../client.ts';
import type { ShiftedClock } from '../clock/shifted-clock.ts';
import type { Fault } from './fault.ts';
import type { Counted } from './history.ts';

export const THRESHOLD = 5;
export const SETTINGS = {
  ROLLCALL_SNAPSHOT_SECONDS: '1',
  ROLLCALL_PROVISIONAL: 'exact',
  ROLLCALL_THRESHOLD: String(THRESHOLD),
  ROLLCALL_REPORTS_PER_MINUTE: '0',
};

/** Of this month by our clock, whatever month it is by the clock of whoever is asked. */
export async function countsAt(url: string): Promise<ReadonlyMap<string, Counted>> {
  const path = `/v1/counts?view=model&category=phone&period=${periodAt(Date.now())}`;
  const { rows } = await get<Counts>(url, path);
  return new Map(rows.map(({ model = '', sites, devices }) => [model, { sites, devices: devices ?? 0 }]));
}

export const ready = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status === 200;
    },
    () => false,
  );

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** A clock that runs is wrong, and NTP puts it right. */
export function wrongClock(clock: ShiftedClock): Fault {
  return {
    strike: async (random) => clock.set(random.pick([50 * DAY, HOUR, -HOUR, -40 * DAY])),
    heal: async () => clock.set(0),
  };
}
