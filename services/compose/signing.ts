import { join } from 'node:path';
import { webhookSecret } from '../releases/delivery/signature.ts';
import { loadSigningKey, type SigningKey } from '../releases/files/signing-key.ts';
import type { Config } from '../shared/config.ts';

/** Where releases are signed with, and how webhooks are: read when it is first needed, so that no role needs it at its start. */
export interface Signing {
  readonly key: () => SigningKey;
  readonly webhookSecret: (party: string, url: string) => string;
}

export function composeSigning({ signingKeyFile, dataDirectory }: Config): Signing {
  let loaded: SigningKey | undefined;
  const key = () => (loaded ??= loadSigningKey(signingKeyFile ?? join(dataDirectory, 'signing-key.pem')));
  return {
    key,
    webhookSecret: (party, url) => webhookSecret(seedOf(key()), party, url),
  };
}

/** The 32 secret bytes of the key. */
function seedOf({ privateKey }: SigningKey): Uint8Array {
  return Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url');
}
