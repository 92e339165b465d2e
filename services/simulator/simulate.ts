import type { CubeRow } from '../../schemas/cube.ts';
import type { Period } from '../../schemas/period.ts';
import type { Report } from '../../schemas/report.ts';
import { addMonths, GRACE_MS, periodEnd } from '../core/period.ts';
import type { Identifier } from '../identify/identity.ts';
import type { Posting } from './delivery.ts';
import { Fleet, type PlannedMonth } from './fleet-month.ts';
import { reportOf } from './site-month.ts';
import type { Story } from './story.ts';

export interface SimulationOptions {
  /** Different sites over the whole run: without a story one in seventeen joins after the first month, a few leave. */
  readonly sites: number;
  readonly months: number;
  /** 32 bits. The same seed gives the same run; a site founded in the same month does the same in runs of other sizes. */
  readonly seed: number;
  readonly firstPeriod: Period;
  /** One for the whole run, or for each period the one whose rules hold in it. */
  readonly identifier: Identifier | ((period: Period) => Identifier);
  readonly story?: Story;
}

export interface Delivery {
  /** The instant (UTC, milliseconds) at which it is posted. */
  readonly atMs: number;
  /** Its period is the month's, or an adjacent one's: two periods are open at once. */
  readonly body: Report;
}

export interface SimulatedMonth {
  readonly period: Period;
  /**
   * What is posted from the end of the previous month's list to the end of this period's grace, in order: besides this
   * period's reports also early ones of the next. Nothing that counts in `period` comes after it.
   */
  readonly deliveries: readonly Delivery[];
  /** The exact cube of `period` once these are delivered. Devices are 0 in views that carry presence only. */
  readonly tally: readonly CubeRow[];
}

/** Sites that live and report, month by month. Lazy: only the reports of the month asked for are there in full. */
export function* simulate(options: SimulationOptions): Generator<SimulatedMonth, void, undefined> {
  const plan = planner(options);
  let pending: readonly Posting[] = [];
  let current = plan();
  if (current !== undefined) pending = current.postings;
  while (current !== undefined) {
    const { period, tally } = current;
    current = plan();
    const all = [...pending, ...(current?.postings ?? [])].sort((a, b) => a.atMs - b.atMs);
    const closed = periodEnd(period) + GRACE_MS;
    const due = all.filter(({ atMs }) => atMs < closed);
    pending = all.slice(due.length);
    yield { period, deliveries: due.map(({ atMs, sent }) => ({ atMs, body: reportOf(sent) })), tally };
  }
}

/** The next month at each call, until there are no more. */
function planner({
  sites,
  months,
  seed,
  story,
  firstPeriod,
  identifier,
}: SimulationOptions): () => PlannedMonth | undefined {
  const fleet = new Fleet({ sites, months, seed, story });
  let month = 0;
  return () => {
    if (month >= months) return undefined;
    const period = addMonths(firstPeriod, month++);
    return fleet.nextMonth(period, typeof identifier === 'function' ? identifier(period) : identifier);
  };
}
