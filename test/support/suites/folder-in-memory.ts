import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** What a run holds at most is a third of it. */
const LEAST_BYTES = 6 * 2 ** 30;

/**
 * A folder in memory for what tests write and remove, undefined where there is no room or the tests are run whole: on a disk a third of an
 * embedded store's work is making, syncing and removing files. Nothing is proven less: a test that kills a process looks at
 * what the kernel has, and that outlives the process in either; tests of a full disk mount one of their own.
 */
export function folderInMemory(): string | undefined {
  if (process.env.ROLLCALL_TEST_SHARE === '1' || process.env.TMPDIR !== undefined) return undefined;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const room = Math.min(bavail * bsize, process.availableMemory());
    if (room < LEAST_BYTES || !runsPrograms()) return undefined;
    removeLeftovers();
    const folder = mkdtempSync(join(MEMORY, `rc-${process.pid}-`));
    // As the folder that it stands in for: some tests write as another user.
    chmodSync(folder, 0o1777);
    return folder;
  } catch {
    return undefined;
  }
}

/** Of runs that were killed: memory is not freed by itself. */
function removeLeftovers(): void {
  for (const name of readdirSync(MEMORY)) {
    const [, pid] = /^rc-([0-9]+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
}

/** Some tests run what they have written. */
function runsPrograms(): boolean {
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const options = mounts.find((line) => line.split(' ')[1] === MEMORY)?.split(' ')[3] ?? 'noexec';
  return !options.split(',').includes('noexec');
}
