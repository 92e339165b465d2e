import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawToken } from './random.ts';
import { writeFirst, writeWhole } from './whole-file.ts';

export interface AdminKey {
  readonly key: string;
  /** Where the key can be read by whoever may read the data directory; undefined when it was configured. */
  readonly path: string | undefined;
}

/** The configured key, or one that the first start writes to a file which only its owner can read. */
export function loadAdminKey(configured: string | undefined, dataDirectory: string): AdminKey {
  if (configured !== undefined) return { key: configured, path: undefined };
  const path = join(dataDirectory, 'admin-key');
  // A file without a key, as a full disk or a power cut leaves it, is nobody's: with it nobody could sign in.
  if (keyIn(path) === '') (existsSync(path) ? writeWhole : writeFirst)(path, `rc_admin_${drawToken()}\n`);
  return { key: keyIn(path), path };
}

function keyIn(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
