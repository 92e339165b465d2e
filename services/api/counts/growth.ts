import * as z from 'zod';
import { GROWTH_VIEWS, type GrowthAnswer, type Risen } from '../../../schemas/answers/growth.ts';
import { Period } from '../../../schemas/period.ts';
import { type Arrival, DAY_MARGIN, newSitesByDay, newSitesSoFar, SO_FAR_MARGIN } from '../../core/arrivals.ts';
import { comparedCounts, type TwoCounts } from '../../core/exact-growth.ts';
import { aloneIn, equalGroups, type Step, spansKinds, stepsOf } from '../../core/growth.ts';
import { shownFrom } from '../../core/view-rules.ts';
import type { ArrivalReader } from '../../ports/arrivals.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { namesOf } from './cell-filter.ts';
import { type MonthCells, nameOf } from './month-cells.ts';
import type { Reading } from './reading.ts';
import { type CountsDeps, chosenPeriod } from './snapshots.ts';

export const GrowthQuery = z.strictObject({ period: Period.optional() });
export type GrowthQuery = z.infer<typeof GrowthQuery>;

export interface GrowthDeps extends CountsDeps {
  readonly arrivals: ArrivalReader;
}

/** So many cells of one view that rose by the same number are told, even where nothing else rose with them. */
const EQUAL_CELLS = 4;

/**
 * Growth that is not the fleet's own, of one month against the one counted before it. It is worked out from what both
 * months show and from noised numbers of new sites: it tells nobody more than they could work out themselves.
 */
export async function growth(query: GrowthQuery, deps: GrowthDeps): Promise<Reading<GrowthAnswer>> {
  const { period, snapshot, all } = await chosenPeriod(query.period, deps);
  const before = all.filter((one) => one.period < period).at(-1);
  const ofMonth = async (month: Period | undefined) => (month === undefined ? [] : deps.arrivals.arrivals(month));
  const [noted, notedBefore] = await Promise.all([ofMonth(period), ofMonth(before?.period)]);
  return {
    snapshots: [before, snapshot].filter((one) => one !== undefined),
    path: '/v1/growth',
    parameters: { period },
    basis: JSON.stringify([noted, notedBefore]),
    answer: async () => ({
      period,
      before: before?.period ?? null,
      provisional: snapshot?.provisional ?? true,
      threshold: deps.threshold,
      fleet: { sites: snapshot?.sites ?? null, before: before?.sites ?? null },
      newSites: newSites(noted, notedBefore),
      ...(snapshot && before ? await risen(before, snapshot, deps) : { alone: [], together: [] }),
    }),
  };
}

function newSites(noted: readonly Arrival[], before: readonly Arrival[]): GrowthAnswer['newSites'] {
  return {
    margin: DAY_MARGIN,
    soFarMargin: SO_FAR_MARGIN,
    soFar: newSitesSoFar(noted, before),
    byDay: newSitesByDay(noted, before),
  };
}

async function risen(
  before: Snapshot,
  now: Snapshot,
  { store, threshold }: GrowthDeps,
): Promise<Pick<GrowthAnswer, 'alone' | 'together'>> {
  if (before.sites === null || now.sites === null) return { alone: [], together: [] };
  const cells = await Promise.all(
    GROWTH_VIEWS.map(async (view) =>
      inBoth(view, await store.months({ snapshots: [before, now], view, threshold }), threshold),
    ),
  );
  const fleet = { was: before.sites, now: now.sites, threshold, guarded: before.provisional || now.provisional };
  const steps = stepsOf(comparedCounts(cells.flat(), fleet));
  return {
    alone: aloneIn(steps).map(told).sort(mostFirst),
    together: equalGroups(steps, isFlood).map((group) => ({
      sites: Math.round(group.reduce((sum, { excess }) => sum + excess, 0) / group.length),
      cells: group.map(told).sort(mostFirst),
    })),
  };
}

type Found = { readonly view: Risen['view']; readonly cell: PeriodCell; readonly before: number | null };

/** Each cell that the later month shows, with its sites in the earlier one. */
function inBoth(view: Risen['view'], months: readonly MonthCells[], threshold: number): TwoCounts<Found>[] {
  const [earlier, later] = months;
  return (later?.cells ?? []).map((cell) => {
    const was = earlier?.find(nameOf(view, cell))?.sites ?? null;
    return { cell: { view, cell, before: was }, kind: view, was, now: cell.sites, least: shownFrom(view, threshold) };
  });
}

function isFlood(alike: readonly Step<Found>[]): boolean {
  return (
    spansKinds(alike) || GROWTH_VIEWS.some((view) => alike.filter(({ kind }) => kind === view).length >= EQUAL_CELLS)
  );
}

function told({ cell: { view, cell, before }, excess }: Step<Found>): Risen {
  return { view, ...namesOf(view, cell), sites: cell.sites, before, beyond: Math.max(0, Math.round(excess)) };
}

function mostFirst(a: Risen, b: Risen): number {
  return b.beyond - a.beyond || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
