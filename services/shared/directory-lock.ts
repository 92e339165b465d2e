import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { requireUsable, unusable } from './usable-directory.ts';

export const LOCK_FILE = 'rollcall.pid';

/**
 * Takes a directory for this process; `directory-in-use` says that another has it. The kernel holds the lock, on the open
 * file and not on its name or on what stands in it: it ends with the process, however that ends, and holds between
 * containers that share a volume and know nothing of each other's pids. What stands in the file is for people.
 */
export function lockDirectory(directory: string, setting = 'ROLLCALL_DATA_DIR'): { close(): Promise<void> } {
  requireUsable(directory, setting);
  const path = join(directory, LOCK_FILE);
  for (let attempt = 0; attempt < 10; attempt++) {
    const file = openIn(directory, setting);
    if (!lockOf()(file)) throw inUse(directory, file);
    // Whoever had it may have removed the file meanwhile: then this lock is on a file that nobody else finds.
    if (isAt(path, file)) return held(path, file);
    closeSync(file);
  }
  throw new Failure('directory-in-use', { directory });
}

function openIn(directory: string, setting: string): number {
  try {
    return openSync(join(directory, LOCK_FILE), 'a+', 0o600);
  } catch (thrown) {
    throw unusable(directory, setting, thrown as NodeJS.ErrnoException);
  }
}

function held(path: string, file: number): { close(): Promise<void> } {
  ftruncateSync(file);
  writeSync(file, String(process.pid));
  let open = true;
  return {
    async close() {
      if (!open) return;
      open = false;
      // First the name, then the lock: who finds the name finds the lock.
      if (isAt(path, file)) rmSync(path, { force: true });
      closeSync(file);
    },
  };
}

/** The pid is that of the holder's own container, if it is in one. */
function inUse(directory: string, file: number): Failure {
  const pid = Number(readFileSync(file, 'latin1').trim());
  closeSync(file);
  return new Failure('directory-in-use', { directory, ...(pid > 0 ? { pid } : {}) });
}

function isAt(path: string, file: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(file);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

/** Node has none of the kernel's locks: this is fcntl's on an open file description (LockFileEx on Windows). */
function lockOf(): (file: number) => boolean {
  try {
    const { tryLock } = createRequire(import.meta.url)('fs-native-extensions') as {
      tryLock: (file: number) => boolean;
    };
    return tryLock;
  } catch (cause) {
    throw new Failure('no-locks-here', { platform: `${process.platform}-${process.arch}` }, { cause });
  }
}
