import type { Period } from '../../schemas/period.ts';
import type { NoisedCell } from '../../schemas/release.ts';

/** What releases are cut from. */
export interface NoisedCubes {
  /** In the order of queries, then by name. */
  noised(period: Period, attempt: number): Promise<NoisedCell[]>;
}

export interface NoisedCubeStore extends NoisedCubes {
  /** All or nothing, under an attempt's id (a safe integer). Of an attempt that is written again the first holds. */
  writeNoised(period: Period, attempt: number, cells: readonly NoisedCell[]): Promise<void>;
  /** Drops what other attempts have left. */
  keepNoised(period: Period, attempt: number): Promise<void>;
}
