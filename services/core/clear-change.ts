/** How many spreads of chance a number must be away from what the fleet's own growth would give. */
export const CLEAR_SPREADS = 2;
/** Under so many sites in one of two months a change rests on few. */
export const FEW_SITES = 30;

/** The rule in words, for whoever reads it beside a number. */
export const CLEAR_RULE =
  'With e = sites before * total now / total before, a change is clear when |sites - e| > 2 * sqrt(sites + e).';

/** The sites of a cell in two months, and those that its share is of. */
export interface TwoMonths {
  readonly from: number;
  readonly to: number;
  readonly totalFrom: number | null;
  readonly totalTo: number | null;
}

/**
 * Whether a cell moved by more than chance and the fleet's own growth. Strict on purpose: the same sites report again, so
 * that the true spread is smaller. Without the totals nothing can be said, and nothing is.
 */
export function isClear({ from, to, totalFrom, totalTo }: TwoMonths): boolean {
  if (!totalFrom || totalTo === null) return false;
  const expected = (from * totalTo) / totalFrom;
  return Math.abs(to - expected) > CLEAR_SPREADS * Math.sqrt(to + expected);
}

export function restsOnFew({ from, to }: Pick<TwoMonths, 'from' | 'to'>): boolean {
  return Math.min(from, to) < FEW_SITES;
}
