import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for all tests of a file, until they remove it. */
export function temporaryHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
