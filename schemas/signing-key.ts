import * as z from 'zod';
import { Period } from './period.ts';

const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** Says that one key follows another: signed by the older one, plain Ed25519 over the bytes of this text. */
export const KeySuccession = z.strictObject({
  schema: z.literal('rollcall.key/1'),
  /** Fingerprints: SHA-256 of the raw public keys of 32 bytes. */
  older: Fingerprint,
  newer: Fingerprint,
  /** The newer key, SPKI. */
  pem: z.string().min(1).max(500),
  /** Releases of months from this one on are signed by the newer key. Both are published until then and afterwards. */
  since: Period,
});
export type KeySuccession = z.infer<typeof KeySuccession>;

/** A succession as it travels: its text byte for byte, and the older key's signature in base64. */
export const SignedSuccession = z.strictObject({ statement: z.string().min(1), signature: z.string().min(1) });
export type SignedSuccession = z.infer<typeof SignedSuccession>;
