import type { Period } from '../../schemas/period.ts';
import { GRACE_MS, periodEnd, periodStart } from '../core/period.ts';
import type { Random } from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a site does within a month. `again` reports what has not changed. */
type Act = 'report' | 'change' | 'again' | 'upgrade' | 'opt-out' | 'return';

export interface Step {
  readonly act: Act;
  readonly atMs: number;
}

const CHANGES_A_MONTH: readonly (readonly [number, number])[] = [
  [0, 66],
  [1, 22],
  [2, 9],
  [3, 3],
];
const AGAIN = 0.06;
const UPGRADE = 0.02;
const OPT_OUT = 0.04;
const RETURN = 0.45;
/** Sites whose last act of the month comes when the month is over. */
const GRACED = 0.05;

/** The last instant at which the simulator posts for the period: a slow server must not be late. */
export function lastInstant(period: Period): number {
  return periodEnd(period) + GRACE_MS - HOUR;
}

/** What the site does this month and when, in order. */
export function writeScript(period: Period, newcomer: boolean, random: Random): Step[] {
  const acts = chooseActs(random);
  const first = firstInstant(period, newcomer, random);
  const later = acts.slice(1).map(() => random.int(first + MINUTE, periodEnd(period) - 1));
  const times = [first, ...later.sort((a, b) => a - b)];
  if (random.chance(GRACED)) times[times.length - 1] = random.int(periodEnd(period), lastInstant(period) - HOUR);
  return acts.map((act, i) => ({ act, atMs: times[i]! }));
}

function chooseActs(random: Random): Act[] {
  const [changes] = random.weighted(CHANGES_A_MONTH, ([, weight]) => weight);
  const acts: Act[] = Array.from({ length: changes }, () => 'change');
  if (random.chance(AGAIN)) acts.splice(random.int(0, acts.length), 0, 'again');
  if (random.chance(UPGRADE)) acts.splice(random.int(0, acts.length), 0, 'upgrade');
  if (random.chance(OPT_OUT)) acts.push('opt-out', ...(random.chance(RETURN) ? (['return'] as const) : []));
  return ['report', ...acts];
}

/** Within a day of the month's beginning; later where the machine was off, or where the agent is new. */
function firstInstant(period: Period, newcomer: boolean, random: Random): number {
  const start = periodStart(period);
  const end = periodEnd(period) - HOUR;
  if (newcomer || random.chance(0.2)) return random.int(start, end);
  return random.int(start, start + (random.chance(0.6) ? DAY : 10 * DAY));
}
