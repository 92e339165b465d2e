import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';

/**
 * Takes a data directory for this process; `directory-in-use` names the process that has it. A lock that a killed
 * process left behind is taken over.
 */
export function lockDirectory(directory: string): { close(): Promise<void> } {
  makeDirectory(directory);
  const path = join(directory, 'rollcall.pid');
  for (let attempt = 0; attempt < 2; attempt++)
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return { close: async () => rmSync(path, { force: true }) };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(directory, thrown);
      const holder = Number(readFileSync(path, 'utf8'));
      if (isAlive(holder)) throw new Failure('directory-in-use', { pid: holder });
      rmSync(path, { force: true });
    }
  throw new Failure('directory-in-use');
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw unusable(directory, thrown);
  }
}

/** The path and what the system said of it: an operator's own setting. */
function unusable(directory: string, thrown: unknown): Failure {
  const cause = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
  return new Failure('data-directory-unusable', { ROLLCALL_DATA_DIR: directory, cause }, { cause: thrown });
}

function isAlive(pid: number): boolean {
  // In a container every start may have the same pid: a lock of ours is one that an earlier start left.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
