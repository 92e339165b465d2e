import type { Period } from '../../schemas/period.ts';

/** One file of a party's release. */
export interface ReleaseFile {
  readonly period: Period;
  readonly party: string;
  /** 0 for the first, one more for each amendment. */
  readonly revision: number;
  /** Such as `release.json`. */
  readonly name: string;
  readonly content: string;
}

/** A release of one party. */
export type ReleaseId = Pick<ReleaseFile, 'period' | 'party' | 'revision'>;

/** The files of one release without their content. */
export interface ReleaseEntry {
  readonly period: Period;
  readonly party: string;
  readonly revision: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export interface Releases {
  /** Newest period first, then by party and revision; files by name. */
  releases(): Promise<ReleaseEntry[]>;
  releaseFile(period: Period, party: string, revision: number, name: string): Promise<string | undefined>;
}

export interface ReleaseStore extends Releases {
  /** Writes a release whole. False, and nothing is written, when the party has this revision of the period. */
  addRelease(files: readonly ReleaseFile[]): Promise<boolean>;
}
