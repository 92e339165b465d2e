import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/package-root.ts';
import { writeFirst } from '../../shared/whole-file.ts';

/**
 * The key of this checkout, made by its first build and used by all later ones: for its user's eyes, outside `dist`, which is thrown away, and
 * never in git or an image. Two builds at once make one. What it proves: docs/agent.md.
 */
export function signingKeyFile(root: string = packageRoot()): string {
  const file = join(root, '.agent-signing-key.pem');
  if (existsSync(file)) return file;
  writeFirst(file, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return file;
}
