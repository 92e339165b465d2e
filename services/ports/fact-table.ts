import type { Block } from './block.ts';

/** Where the aggregator puts facts. */
export interface FactTable {
  /**
   * Inserts the facts and slots of the blocks, all of one period, durably. What fails may be inserted again, whole. Each block is byte-scanned before it comes near
   * a query: `malformed-block` names the first that fails by its index. `store-rejected`: the blocks themselves are
   * at fault.
   */
  insertFacts(blocks: readonly Block[]): Promise<void>;
}
