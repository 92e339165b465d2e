import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { signingKeyFile } from './signing-key.ts';

/**
 * Writes beside a file `FILE.sha256` in the form of sha256sum, `FILE.sig`, the Ed25519 signature of the file's own bytes as `openssl pkeyutl
 * -verify -rawin` checks it, and `FILE.pub`, the public key that does. `keyFile` is a publisher's key (PEM); without one the
 * checkout's own signs.
 */
export function writeChecksums(file: string, keyFile: string = signingKeyFile()): string[] {
  const key: KeyObject = createPrivateKey(readFileSync(keyFile));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key is not an Ed25519 key');
  const bytes = readFileSync(file);
  const sums = join(dirname(file), `${basename(file)}.sha256`);
  writeFileSync(sums, `${createHash('sha256').update(bytes).digest('hex')}  ${basename(file)}\n`);
  writeFileSync(`${file}.sig`, sign(null, bytes, key));
  writeFileSync(`${file}.pub`, createPublicKey(key).export({ type: 'spki', format: 'pem' }));
  return [sums, `${file}.sig`, `${file}.pub`];
}
