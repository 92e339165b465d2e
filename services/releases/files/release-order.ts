import type { Period } from '../../../schemas/period.ts';
import type { Coverage, EarlierMonth, ReleaseParameters } from '../../../schemas/release-file.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import type { Published } from '../numbers/published.ts';

import type { SigningKey } from './signing-key.ts';

/** What a party may see of a period, cut from what is published of it. */
export interface Slice extends Pick<Published, 'profile' | 'cap' | 'largeEnough' | 'cells'> {
  /** Of the party's own part of the public list. */
  readonly coverage: readonly Coverage[];
}

/** All that the files of a release are made from. The same order gives the same bytes. */
export interface ReleaseOrder {
  readonly period: Period;
  readonly party: string;
  readonly revision: number;
  /** When the period's cube was frozen, in milliseconds since 1970. */
  readonly frozenAt: number;
  /** What the release cost, as the ledger has it. It must be that of the slice's profile. */
  readonly cost: Pick<LedgerEntry, 'rho' | 'epsilon' | 'delta'>;
  readonly slice: Slice;
  /** Months before, newest first, as the party may see them. */
  readonly earlier: readonly EarlierMonth[];
  readonly parameters: ReleaseParameters;
  readonly policyVersion: number;
  readonly catalogue: string;
  readonly key: SigningKey;
  /** Where the key's fingerprint can be compared. */
  readonly keyPublishedAt: string;
}
