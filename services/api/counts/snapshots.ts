import type { Period } from '../../../schemas/period.ts';
import { addMonths, parsePeriod, periodAt } from '../../core/period.ts';
import type { CountReader } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import type { RememberedCounts } from './remembered-cells.ts';

export interface CountsDeps {
  readonly store: RememberedCounts;
  readonly clock: Clock;
  /** Fewest sites of a cell that is shown. */
  readonly threshold: number;
}

/** The same, with the months as they are when first asked for: an answer is of one moment, and asks for them once. */
export function ofOneMoment<D extends CountsDeps>(deps: D): D {
  let all: ReturnType<CountReader['snapshots']> | undefined;
  const snapshots = () => {
    all ??= deps.store.snapshots();
    return all;
  };
  return { ...deps, store: { ...deps.store, snapshots } };
}

/** What months are chosen by. */
interface MonthsDeps {
  readonly store: Pick<CountReader, 'snapshots'>;
  readonly clock: Clock;
}

/**
 * The newest month that was counted. One that has not begun was counted for a clock that ran ahead, and nobody means it
 * who names no month.
 */
export function newestCounted(all: readonly Snapshot[], clock: Clock): Snapshot | undefined {
  const current = periodAt(clock.now());
  return all.findLast(({ period }) => period <= current);
}

/** The period that is meant, the newest that was counted unless one is named, with its snapshot if it has one. */
export async function chosenPeriod(
  named: Period | undefined,
  { store, clock }: MonthsDeps,
): Promise<{ period: Period; snapshot: Snapshot | undefined; all: readonly Snapshot[] }> {
  const all = await store.snapshots();
  const period = named ?? newestCounted(all, clock)?.period ?? periodAt(clock.now());
  return { period, snapshot: all.find((candidate) => candidate.period === period), all };
}

const A_YEAR = 12;

/** The counted periods of a range, by default the twelve months that end with the newest that was counted. */
export async function chosenRange(
  named: { from?: Period | undefined; to?: Period | undefined },
  { store, clock }: MonthsDeps,
): Promise<{ from: Period; to: Period; snapshots: readonly Snapshot[] }> {
  const all = await store.snapshots();
  const newest = newestCounted(all, clock)?.period ?? periodAt(clock.now());
  const to = named.to ?? (named.from !== undefined && named.from > newest ? named.from : newest);
  const from = named.from ?? monthsUpTo(to, A_YEAR);
  return { from, to, snapshots: within(all, from, to) };
}

/** No period is before it: see {@link Period}. */
const FIRST = parsePeriod('2000-01');

/** The first of the `months` periods that end with `to`. */
export function monthsUpTo(to: Period, months: number): Period {
  const from = addMonths(to, 1 - months);
  if (from < FIRST) return FIRST;
  return from;
}

export function within(snapshots: readonly Snapshot[], from: Period, to: Period): Snapshot[] {
  return snapshots.filter(({ period }) => period >= from && period <= to);
}

export function takenAt(snapshot: Snapshot | undefined): string | null {
  return snapshot ? new Date(snapshot.takenAt).toISOString() : null;
}
