import type { Manifest } from '../../../schemas/release-file.ts';

/** What can be wrong with a file of a release, in words. */
export const FAULT_REASONS = {
  missing: 'is missing',
  'not-in-manifest': 'is not one of the files that the manifest vouches for',
  'size-differs': 'is not as long as the manifest says',
  'digest-differs': 'is not what the manifest vouches for',
  'not-json': 'is not JSON',
  malformed: 'does not have the form of its schema',
  'not-canonical': 'is not written in the one way that it can be written in',
  'not-a-signature': 'holds no Ed25519 signature in base64',
  'another-key': 'names another key',
  'signature-does-not-fit':
    'does not fit its counterpart: manifest.json and manifest.sig were not made together with this key',
  'differs-from-manifest': 'says something else than the manifest',
  'differs-from-json': 'says something else than release.json',
  'differs-from-itself': 'says one thing in one place and another in another',
} as const;
type FaultReason = keyof typeof FAULT_REASONS;

export interface Fault {
  readonly file: string;
  readonly reason: FaultReason;
  /** Where, or what was there: a key's id, the name of a field, a line. */
  readonly detail?: string;
}

/** What a release that holds is about. */
export interface VerifiedRelease extends Pick<Manifest, 'period' | 'party' | 'revision' | 'profile'> {
  readonly keyId: string;
  readonly epsilon: number | 'unbounded';
  readonly delta: number | null;
  readonly sampleSites: number | null;
  readonly cells: number;
}

export type Verdict =
  | { readonly ok: true; readonly release: VerifiedRelease }
  | { readonly ok: false; readonly faults: readonly Fault[] };
