import * as z from 'zod';
import { Period } from '../period.ts';
import { SignedSuccession } from '../signing-key.ts';
import { RELEASE_MORE, RELEASES_MORE } from './extended.ts';

export const ReleasesAnswer = z.strictObject({
  /** On all pages together. */
  total: z.int(),
  releases: z.array(
    z.strictObject({
      period: Period,
      party: z.string(),
      revision: z.int(),
      files: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
      ...RELEASE_MORE,
    }),
  ),
  /** The offset of the next page; null after the last. */
  ...RELEASES_MORE,
});
export type ReleasesAnswer = z.infer<typeof ReleasesAnswer>;

export const RedeliveryAnswer = z.strictObject({ state: z.literal('enqueued'), revision: z.int() });
export type RedeliveryAnswer = z.infer<typeof RedeliveryAnswer>;

export const SigningKeyAnswer = z.strictObject({
  /** Of the newest key. */
  keyId: z.string(),
  pem: z.string(),
  /** SHA-256 of the raw public key of 32 bytes: compare it with the one that the publisher shows elsewhere. */
  fingerprint: z.string(),
  publishedAt: z.string(),
  /** Every key that releases were ever signed with, oldest first. */
  keys: z.array(
    z.strictObject({
      keyId: z.string(),
      fingerprint: z.string(),
      pem: z.string(),
      /** Signs months from this one on; null for the first. */
      since: Period.nullable(),
      /** Signed by the key before it; null for the first. */
      succession: SignedSuccession.nullable(),
    }),
  ),
});
export type SigningKeyAnswer = z.infer<typeof SigningKeyAnswer>;
