import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';

/** A cell and the key that one token gives it. */
interface KeyedCell {
  readonly cell: Cell;
  readonly key: number;
}

/**
 * The facts that somebody's own keys lead to: the one place where facts are read for an answer, and by keys only. Whoever has no
 * token has no keys, and a key says nothing of any other. Blocks that are not inserted yet are missing.
 */
export interface HeldFacts {
  /** The count under each key, in their order; 0 where there is none. */
  heldCounts(period: Period, keyed: readonly KeyedCell[]): Promise<number[]>;
  /** The names of every cell that any site has facts of. Names only, in no order. */
  heldCells(period: Period): Promise<Cell[]>;
}
