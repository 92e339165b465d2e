import type { Random } from './random.ts';
import type { Sent } from './site-month.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** A report under way to the server. */
export interface Posting {
  readonly atMs: number;
  readonly sent: Sent;
}

const OVERTAKEN = 0.08;
const RETRIED = 0.06;
const DUPLICATED = 0.04;

/**
 * What a network makes of a site's reports (given in order): some are overtaken by the next one, some are posted again
 * at once because the answer was lost, some turn up again days later. Nothing is later than `lastMs`.
 */
export function deliver(reports: readonly Posting[], lastMs: number, random: Random): Posting[] {
  return reports.flatMap(({ atMs, sent }, i) => {
    const next = reports[i + 1];
    const overtaken = next !== undefined && random.chance(OVERTAKEN);
    const first = overtaken ? next.atMs + random.int(SECOND, 6 * HOUR) : atMs;
    const times = [first];
    if (random.chance(RETRIED))
      for (let retries = random.int(1, 2); retries > 0; retries--) times.push(first + random.int(2, 120) * SECOND);
    if (random.chance(DUPLICATED)) times.push(first + random.int(HOUR, 120 * HOUR));
    return times.map((time) => ({ atMs: Math.min(time, lastMs), sent }));
  });
}
