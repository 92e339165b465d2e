/** A time, in milliseconds since 1970, and how long the host had been running then. */
export interface TimeSeen {
  readonly at: number;
  /** The system's id of this run of the host; '' where it has none. */
  readonly boot: string;
  readonly uptimeMs: number;
}

const HOUR_MS = 60 * 60 * 1_000;
/** While a host runs, its clock may go this much faster than its uptime (one hour): it may have stood still as a guest. */
const MOST_AHEAD_MS = HOUR_MS;
/** A host that was off may have been so for this long (a day) without a second look. */
const MOST_OFF_MS = 24 * HOUR_MS;
/**
 * And with one for this long (21 days: a long holiday): whoever was off for longer asks somebody. It is less than any month, so
 * that a clock that is a month ahead closes nothing.
 */
const MOST_AWAY_MS = 21 * 24 * HOUR_MS;
/** A time is noted every ten minutes: a host that went off was last seen at most that long before. */
const NOTED_EVERY_MS = 10 * 60 * 1_000;

/**
 * By how much the clock is further than it can be by itself, in milliseconds; 0 where it may be right. Of a host that has
 * run since, its uptime says how long that was. Backwards is no leap: nothing becomes due by it.
 */
export function leapOf(now: TimeSeen, seen: readonly TimeSeen[]): number {
  const { by, most } = believed(now, seen);
  const ahead = now.at - by;
  return ahead > most ? ahead : 0;
}

/** What is noted in place of a boot when a leap was met that no absence explains, until a time is believed again. */
export const LEAPT = 'leapt';

/**
 * Whether a leap may be the time for which this process was not there. One that has seen the time since it began, at that
 * uptime of its host, was there; and so was one before it that met the leap: to start anew explains nothing.
 */
export function mayHaveBeenAway(now: TimeSeen, seen: readonly TimeSeen[], beganUptimeMs: number): boolean {
  if (seen.at(-1)?.boot === LEAPT) return false;
  const same = ofThisBoot(now, seen);
  if (same && same.uptimeMs >= beganUptimeMs) return false;
  return now.at - believed(now, seen).by <= MOST_AWAY_MS;
}

/**
 * What had ended by then has ended, in milliseconds since 1970: never later than the clock's own time. It goes by what was
 * seen last and not by how long the host may have been off: a month that is open may be destroyed by no guess.
 */
export function certainTime(now: TimeSeen, seen: readonly TimeSeen[]): number {
  return Math.min(now.at, believed(now, seen).by + NOTED_EVERY_MS);
}

/** The time by what was seen last, and how far the clock may be ahead of it. */
function believed(now: TimeSeen, seen: readonly TimeSeen[]): { by: number; most: number } {
  const same = ofThisBoot(now, seen);
  if (same) return { by: same.at + now.uptimeMs - same.uptimeMs, most: MOST_AHEAD_MS };
  const last = seen.findLast(({ boot }) => boot !== LEAPT);
  return { by: last?.at ?? now.at, most: MOST_OFF_MS };
}

function ofThisBoot(now: TimeSeen, seen: readonly TimeSeen[]): TimeSeen | undefined {
  return seen.findLast(({ boot, uptimeMs }) => boot !== '' && boot === now.boot && uptimeMs <= now.uptimeMs);
}
