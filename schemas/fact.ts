import type { Category, View } from './cell-names.ts';

export { VIEWS, type View } from './cell-names.ts';

/** What is counted: one row of the cube. Columns that the view does not use are ''. */
export interface Cell {
  readonly view: View;
  readonly platform: string;
  readonly category: Category | '';
  readonly vendor: string;
  readonly model: string;
}

/**
 * One site's contribution to one cell, with nothing in it that says which site.
 *
 * `key`      53 bits of a hash of the cell under the site's token; the same cell and token give the same key.
 * `count`    devices in the views that carry them (model, unlisted), else presence 1; 0 takes the fact back.
 * `version`  orders the facts of one key; across the keys of one site it shares nothing.
 */
export interface Fact extends Cell {
  readonly key: number;
  readonly count: number;
  readonly version: number;
}

/** The order of the columns in a block's lines and in the facts table. */
export const FACT_COLUMNS = [
  'period',
  'view',
  'platform',
  'category',
  'vendor',
  'model',
  'key',
  'count',
  'version',
] as const;

/** Sum of counts a fact can carry: 512 lines of 10,000 devices that turn out to be the same model. */
export const MAX_FACT_COUNT = 512 * 10_000;

/** The characters a name may hold wherever it is stored: what the writer emits and the byte scan accepts. */
export const NAME_PATTERN = /^[A-Za-z0-9 ._+/()!&,-]{0,64}$/;
