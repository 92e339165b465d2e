import { webhookSecret } from '../releases/delivery/signature.ts';
import { loadSigningKey, type SigningKey } from '../releases/files/signing-key.ts';

/** Where releases are signed with, and how webhooks are: read when it is first needed, so that no role needs it at its start. */
export interface Signing {
  readonly key: () => SigningKey;
  readonly webhookSecret: (party: string, url: string) => string;
}

export function signingBy(keyFile: string): Signing {
  let loaded: SigningKey | undefined;
  const key = () => (loaded ??= loadSigningKey(keyFile));
  return {
    key,
    webhookSecret: (party, url) => webhookSecret(seedOf(key()), party, url),
  };
}

/** The 32 secret bytes of the key. */
function seedOf({ privateKey }: SigningKey): Uint8Array {
  return Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url');
}
