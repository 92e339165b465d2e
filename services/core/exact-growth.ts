import type { Compared } from './growth.ts';

/** Sites of a cell in two months; null where it was not shown. */
export interface TwoCounts<C> {
  readonly cell: C;
  readonly kind: string;
  readonly was: number | null;
  readonly now: number;
  /** Fewest sites of a cell of its view that is shown. */
  readonly least: number;
}

export interface FleetOfTwo {
  /** All sites, in both months. */
  readonly was: number;
  readonly now: number;
  readonly threshold: number;
  /** Whether a number may lag behind by up to the threshold, as those of open months do. */
  readonly guarded: boolean;
}

/** So much of a cell's sites come and go from one month to the next in a fleet like any other. */
const TURNOVER = 0.1;
/** How large a cell is, in thresholds, that churn is measured by. */
const STEADY_THRESHOLDS = 2;

/**
 * Exact counts beside what the fleet's own growth makes of them, with the chance that is in them: sites that come and go;
 * in a month that is still filling, which sites were first; and what is not known of a cell that was not shown (anything
 * under what its view shows). Nothing but shown numbers goes in.
 */
export function comparedCounts<C>(cells: readonly TwoCounts<C>[], fleet: FleetOfTwo): Compared<C>[] {
  const growth = fleet.now / fleet.was;
  return cells.map(({ cell, kind, was: shown, now, least }) => {
    const was = shown ?? (least - 1) / 2;
    const expected = was * growth;
    const hidden = shown === null ? (growth * least) ** 2 / 12 : 0;
    const filling = expected * Math.max(0, 1 - growth);
    const lag = fleet.guarded ? (1 + (was / fleet.was) ** 2) * (fleet.threshold ** 2 / 3) : 0;
    return {
      cell,
      kind,
      was,
      excess: now - expected,
      noise: Math.sqrt(TURNOVER * (now + expected) + hidden + filling + lag),
      steady: shown !== null && shown >= STEADY_THRESHOLDS * least,
    };
  });
}
