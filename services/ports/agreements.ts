import type { Agreement } from '../../schemas/release.ts';

export interface StoredAgreement extends Agreement {
  readonly at: number;
  readonly by: string;
}

export interface Agreements {
  /** The newest of each party, by name; those that were ended are not there. */
  agreements(): Promise<StoredAgreement[]>;
}

export interface AgreementStore extends Agreements {
  putAgreement(agreement: StoredAgreement): Promise<void>;
  endAgreement(party: string, at: number, by: string): Promise<void>;
}
