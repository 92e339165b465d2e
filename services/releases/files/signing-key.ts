import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Failure } from '../../shared/failure.ts';
import { writeFirst } from '../../shared/whole-file.ts';
import { keyIdOf } from './sign.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SPKI, as it is published. */
  readonly publicPem: string;
  readonly keyId: string;
}

/**
 * The key in the file, which is made when there is none: PKCS8, for its owner alone. Processes that start together end
 * with the same key. Throws `signing-key-unreadable` for a file that holds no Ed25519 key.
 */
export function loadSigningKey(path: string): SigningKey {
  if (!existsSync(path)) createSigningKey(path);
  return existingSigningKey(path);
}

/** Makes none. */
export function existingSigningKey(path: string): SigningKey {
  return signingKeyOf(readFileSync(path, 'utf8'));
}

/** Throws `signing-key-unreadable`. */
export function signingKeyOf(pem: string): SigningKey {
  const privateKey = privateKeyOf(pem);
  const publicKey = createPublicKey(privateKey);
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  return { privateKey, publicKey, publicPem, keyId: keyIdOf(publicKey) };
}

function privateKeyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What the parser says of the file is not passed on: it is about a secret.
  }
  throw new Failure('signing-key-unreadable');
}

/** Writes a new key to the path unless another process has done so: then that one stays. */
export function createSigningKey(path: string): void {
  writeFirst(path, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
}
