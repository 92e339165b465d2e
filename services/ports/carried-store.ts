import type { Period } from '../../schemas/period.ts';
import type { Block } from './block.ts';

/** Rows of one table that stay when months are closed: lines of `JSONCompactEachRow`. */
export interface CarriedRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly lines: readonly string[];
}

/** Everything of an installation's store that outlives a month, to be written into another installation's. */
export interface CarriedStore {
  /** The tables and their columns, in this version's order. */
  carriedTables(): Promise<readonly Omit<CarriedRows, 'lines'>[]>;
  /** Pieces of one table. Of cubes only what is final: an open month has none to carry. */
  carriedRows(table: string): AsyncIterable<CarriedRows>;
  /** Whether every one of the tables is without a row. */
  isEmpty(): Promise<boolean>;
  /** Adds rows to a table of {@link carriedTables} by these columns, which are all of its. */
  addCarried(rows: CarriedRows): Promise<void>;
  /** Removes every row of the tables: what an import that failed has left. */
  removeCarried(): Promise<void>;
  /**
   * The facts and slots of a month that is not closed, as blocks. What arrived together is not together in them: they
   * are cut by a hash of their lines.
   */
  openBlocks(period: Period): AsyncIterable<Block>;
}
