import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes `FILE.sha256` beside each file, in the form of sha256sum, and with a key (Ed25519, PEM) `FILE.sig`: the signature of the
 * file's own bytes, as `openssl pkeyutl -verify -rawin` checks it.
 */
export function writeChecksums(files: readonly string[], keyFile: string | undefined): string[] {
  const key = keyFile === undefined ? undefined : createPrivateKey(readFileSync(keyFile));
  if (key && key.asymmetricKeyType !== 'ed25519') throw new Error('the key is not an Ed25519 key');
  return files.flatMap((file) => {
    const bytes = readFileSync(file);
    const sums = join(dirname(file), `${basename(file)}.sha256`);
    writeFileSync(sums, `${createHash('sha256').update(bytes).digest('hex')}  ${basename(file)}\n`);
    if (!key) return [sums];
    writeFileSync(`${file}.sig`, sign(null, bytes, key));
    return [sums, `${file}.sig`];
  });
}
