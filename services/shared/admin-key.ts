import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawToken } from './random.ts';

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
  try {
    const key = `rc_admin_${drawToken()}`;
    writeFileSync(path, `${key}\n`, { flag: 'wx', mode: 0o600 });
    return { key, path };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    return { key: readFileSync(path, 'utf8').trim(), path };
  }
}
