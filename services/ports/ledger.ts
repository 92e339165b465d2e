import type { Period } from '../../schemas/period.ts';
import type { Profile } from '../../schemas/release.ts';

/** What a period's release cost: one entry a period, ever. */
export interface LedgerEntry {
  readonly period: Period;
  readonly at: number;
  readonly profile: Profile;
  /** zCDP; null when the release carries no noise. */
  readonly rho: number | null;
  /** At {@link delta}; null for unbounded. */
  readonly epsilon: number | null;
  readonly delta: number | null;
}

export interface Ledger {
  /** Oldest period first. */
  ledger(): Promise<LedgerEntry[]>;
}

export interface LedgerStore extends Ledger {
  /** False, and nothing is written, when the period has an entry. */
  addLedgerEntry(entry: LedgerEntry): Promise<boolean>;
}
