import type { Period } from '../../schemas/period.ts';

/** guarded: while a period is open, every change of a number rests on at least the threshold's sites. */
export type Guard = 'guarded' | 'exact';

export interface FinalOrder {
  readonly period: Period;
  /** Fewest sites of a cell that is shown. */
  readonly threshold: number;
  readonly catalogue: string;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** What a sealed name reads, asked of names that enough sites have. Undefined: none is opened, none of them is shown. */
  readonly open?: (sealed: SealedText) => SealedText | undefined;
}

/** Maker and model as they stand in a cell, sealed or not. */
interface SealedText {
  readonly vendor: string;
  readonly model: string;
}

/** What is shown of devices while a month is open and guarded. */
export interface GuardedDevices {
  /** Cells of fewer sites have no number of devices: 0 stands for that. */
  readonly leastSites: number;
  /** Standard deviation of the noise that a number carries, drawn once for each refresh of its cell. */
  readonly noise: number;
}

export interface SnapshotOrder extends FinalOrder {
  readonly guard: Guard;
  /** Waited for when all of the snapshot is stored and nobody is shown it yet; that it fails is no failure of the snapshot. */
  readonly beforeShown?: (snapshot: Snapshot) => Promise<void>;
  /** Undefined: devices are refreshed with their sites and are exact then. */
  readonly devices?: GuardedDevices;
}

export interface Snapshot {
  readonly period: Period;
  readonly id: number;
  readonly takenAt: number;
  /** False only for the last snapshot of a closed period. */
  readonly provisional: boolean;
  readonly catalogue: string;
  /** Sites of the whole period, null when fewer than the threshold. */
  readonly sites: number | null;
}
