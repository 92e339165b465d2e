import type { CubeRow } from '../../schemas/cube.ts';
import type { Period } from '../../schemas/period.ts';
import type { FrozenSlots } from '../core/slot-sums.ts';
import type { FactPeriods } from './fact-periods.ts';
import type { FinalOrder } from './snapshot.ts';

/** Facts and cubes as a close sees them: it counts a period a last time, shows that, and has the facts destroyed. */
export interface ClosingCounts extends FactPeriods {
  /**
   * Counts a period that takes no more reports a last time, exactly, and resolves to the id of what it wrote, which
   * nobody sees until it is shown by {@link showFinal}: two workers may freeze a period, and one result becomes the final one.
   * `facts-changed` (again later) when facts arrived meanwhile; `no-facts` when there are none, for a store that was
   * restored without them must not take that for a month in which nobody reported.
   */
  freeze(order: FinalOrder): Promise<number>;
  /** Every cell of a snapshot, in an order that depends on nothing but the cells. */
  frozenRows(period: Period, id: number): Promise<CubeRow[]>;
  /** What the period's slots summed to when the snapshot was frozen, exactly: gone with the facts. */
  slotSums(period: Period, id: number): Promise<FrozenSlots>;
  /** Makes what was frozen the period's last snapshot: no other replaces it. Doing it again changes nothing. */
  showFinal(order: FinalOrder, id: number): Promise<void>;
  /** Drops every other snapshot of the period, and what attempts have left. */
  keepOnly(period: Period, id: number): Promise<void>;
  /**
   * Drops every fact and slot of the period and what {@link freeze} wrote for the noise; the counts stay. Whatever merges
   * them ends. Resolves when the store lists no part of them in any state and their directories are gone; `facts-remain`
   * (again later) when it does.
   */
  destroyFacts(period: Period): Promise<void>;
  /** Whether the store lists a table or a part of the period that {@link destroyFacts} drops, an empty one too. */
  anythingLeft(period: Period): Promise<boolean>;
}
