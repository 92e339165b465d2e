import type { Category } from './report.ts';

/**
 * The lanes of a site's contribution to releases. A lane has a fixed number of slots (services/core/lanes.ts): a token
 * fills no more of them, whatever its agent sends and however often. No lane has the name of a view: by its first word a
 * line of a block is known for a fact or a slot.
 */
export const LANES = [
  'platforms',
  'makers',
  'phones',
  'endpoints',
  'cards',
  'nics',
  'cpus',
  'memories',
  'boards',
] as const;
export type Lane = (typeof LANES)[number];

/** What a slot stands for. Columns that the lane does not use are ''; all are in an empty slot. */
export interface SlotCell {
  readonly lane: Lane;
  readonly platform: string;
  readonly category: Category | '';
  readonly vendor: string;
  readonly model: string;
}

/**
 * One slot of a site, with nothing in it that says which site, or which of the lane's slots it is.
 *
 * `key`      53 bits of PRF(token, lane, number of the slot): of one key the newest version wins.
 * `cellKey`  53 bits of PRF'(token, lane, what is counted once): a cell counts distinct ones, so that a cell which stale
 *            slots name twice counts once. 0 in an empty slot. No fact has the same number.
 * `amount`   phones up to the slot's own cap (phones), 1 (every other lane), 0 (empty).
 * `cap`      of the month's first phone slot: the same in every row of a month, unless it was changed by hand.
 * `version`  orders the rows of one key; across the keys of one site it shares nothing.
 */
export interface Slot extends SlotCell {
  readonly key: number;
  readonly cellKey: number;
  readonly amount: number;
  readonly cap: number;
  readonly version: number;
}

/** The order of the columns in a block's lines and in the slots table. */
export const SLOT_COLUMNS = [
  'period',
  'lane',
  'platform',
  'category',
  'vendor',
  'model',
  'key',
  'cell_key',
  'amount',
  'cap',
  'version',
] as const;

/** No cap is larger: phones of the largest fleet (services/core/caps.ts). */
export const MAX_CAP = 1_024;
