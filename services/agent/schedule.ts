const HOUR = 3_600_000;
export const DAY_MS = 24 * HOUR;

/** A number from 0 (included) to `below` (not), from a source that nobody can foresee. */
export type Draw = (below: number) => number;

/** A fresh moment within the next 24 hours: a fixed hour or a daily repeat would link the facts of a site. */
export function freshMoment(now: number, draw: Draw): number {
  return now + draw(DAY_MS);
}

const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 6 * HOUR;

/**
 * When to try again after `attempts` failures: twice as long each time up to six hours, anywhere in the second half of it, so
 * that the agents of an outage do not come back together; never before the service asks for.
 */
export function nextAttempt(now: number, attempts: number, retryAfterMs: number, draw: Draw): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 12));
  const asked = Math.min(Math.max(0, retryAfterMs), DAY_MS);
  return now + Math.max(longest / 2 + draw(longest / 2), asked + draw(FIRST_PAUSE_MS));
}

/** A moment that is further away than any that is ever chosen was chosen by a clock that went wrong. */
export function isBelievable(dueAt: number, now: number): boolean {
  return dueAt <= now + DAY_MS + LONGEST_PAUSE_MS;
}
