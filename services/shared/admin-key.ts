import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawNonce, drawToken } from './random.ts';

export interface AdminKey {
  readonly key: string;
  /** Where the key can be read by whoever may read the data directory; undefined when it was configured. */
  readonly path: string | undefined;
}

/** The configured key, or one that the first start writes to a file which only its owner can read. */
export function loadAdminKey(configured: string | undefined, dataDirectory: string): AdminKey {
  if (configured !== undefined) return { key: configured, path: undefined };
  const path = join(dataDirectory, 'admin-key');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  // A file without a key, as a full disk or a power cut leaves it, is nobody's: with it nobody could sign in.
  if (keyIn(path) === '') writeKey(path);
  return { key: keyIn(path), path };
}

function keyIn(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

/** All of it or nothing. Of two processes that start together in a new directory, the first one's stays. */
function writeKey(path: string): void {
  const unfinished = `${path}.${drawNonce()}`;
  writeFileSync(unfinished, `rc_admin_${drawToken()}\n`, { flag: 'wx', mode: 0o600, flush: true });
  try {
    if (existsSync(path)) renameSync(unfinished, path);
    else linkSync(unfinished, path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
