import type { Cell } from './fact.ts';

/** One cell of a snapshot. `devices` means something in the views model and unlisted only. */
export interface CubeRow extends Cell {
  readonly sites: number;
  readonly devices: number;
}

/** open: takes reports. closing: its grace is over, the close has not finished. */
export const PERIOD_STATES = ['open', 'closing', 'frozen', 'released'] as const;
export type PeriodState = (typeof PERIOD_STATES)[number];

/** An unlisted cell is kept in a snapshot from this many sites on. */
export const UNLISTED_THRESHOLD = 20;
/** While a month is open, devices of a cell are shown from this many sites on. */
export const DEVICES_FROM_SITES = 30;
/** Devices of one model that a site counts for, unless the installation says otherwise. */
export const MOST_DEVICES = 1_000;
/** No configuration may show a cell of fewer sites than this. */
export const LEAST_THRESHOLD = 5;
