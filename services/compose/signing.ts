import { createHmac } from 'node:crypto';
import type { Period } from '../../schemas/period.ts';
import { webhookSecret } from '../releases/delivery/signature.ts';
import type { SigningKey } from '../releases/files/signing-key.ts';
import { checkSigningKeys, keyOfPeriod, loadSigningKeys, type RingKey } from '../releases/files/signing-keys.ts';

/** Where releases are signed with, and how webhooks are: read when it is first needed, so that no role needs it at its start. */
export interface Signing {
  /** Every key, oldest first. Read again each time: one may have been added. */
  readonly keys: () => readonly RingKey[];
  /** The one that signs releases of the month. */
  readonly keyOf: (period: Period) => SigningKey;
  readonly webhookSecret: (party: string, url: string) => string;
  /** What processes that share the key name parties of limits under. */
  readonly limitSecret: () => Uint8Array;
  /** Throws `signing-key-unreadable` where a key is there that is none. Makes none. */
  readonly check: () => void;
}

export function signingBy(keyFile: string): Signing {
  const keys = () => loadSigningKeys(keyFile);
  return {
    keys,
    limitSecret: () =>
      createHmac('sha256', seedOf((keys()[0] as RingKey).key))
        .update('limits')
        .digest(),
    check: () => checkSigningKeys(keyFile),
    keyOf: (period) => keyOfPeriod(keys(), period),
    // Of the first key, also when it signs nothing any more: parties keep their secrets.
    webhookSecret: (party, url) => webhookSecret(seedOf((keys()[0] as RingKey).key), party, url),
  };
}

/** The 32 secret bytes of the key. */
function seedOf({ privateKey }: SigningKey): Uint8Array {
  return Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url');
}
