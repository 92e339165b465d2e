import { generateKeyPairSync } from 'node:crypto';
import { existsSync, linkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package-root.ts';
import { drawNonce } from '../../shared/random.ts';

/**
 * The key of this checkout, made by its first build and used by all later ones: for its user's eyes, outside `dist`, which is thrown away, and
 * never in git or an image. Two builds at once make one. What it proves: docs/agent.md.
 */
export function signingKeyFile(root: string = packageRoot()): string {
  const file = join(root, '.agent-signing-key.pem');
  if (existsSync(file)) return file;
  const own = `${file}.${drawNonce()}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(own, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  try {
    // With all its bytes or not at all; who comes second takes the first one's.
    linkSync(own, file);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    unlinkSync(own);
  }
  return file;
}
