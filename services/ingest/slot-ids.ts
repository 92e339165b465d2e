import { hash } from 'node:crypto';
import { LANES, type Lane } from '../../schemas/slot.ts';
import { SLOTS } from '../core/lanes.ts';
import { CELL_ID_BYTES } from './known-cell.ts';

/** A name for each slot of each lane, in the order of the lanes: what their keys are made from, as facts' from cells. */
export const SLOT_IDS = Buffer.concat(
  LANES.flatMap((lane) =>
    Array.from({ length: SLOTS[lane] }, (_, i) =>
      hash('sha256', `slot\0${lane}\0${i}`, 'buffer').subarray(0, CELL_ID_BYTES),
    ),
  ),
);

/** Where the names of a lane's slots begin. */
export const FIRST_SLOT = Object.fromEntries(
  LANES.map((lane, i) => [lane, LANES.slice(0, i).reduce((sum, before) => sum + SLOTS[before], 0)]),
) as Readonly<Record<Lane, number>>;
