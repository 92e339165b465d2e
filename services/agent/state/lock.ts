import { closeSync, constants, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';

/**
 * One run at a time for one state. Waits `patienceMs` for another to end, then throws Failure `another-run`. A lock of a process that
 * is gone, or whose number another process has now, is taken over. Throws Failure `state-unwritable` on a disk that cannot be
 * written to.
 */
export async function withLock<T>(path: string, patienceMs: number, act: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const step = 100;
  for (let waited = 0; !take(lock); waited += step) {
    if (waited >= patienceMs) throw new Failure('another-run');
    await pause(step);
  }
  try {
    return await act();
  } finally {
    release(lock);
  }
}

function take(lock: string): boolean {
  for (let attempt = 0; attempt < 2; attempt++)
    try {
      mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
      const file = openSync(lock, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      writeSync(file, holder(process.pid));
      closeSync(file);
      return true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw new Failure('state-unwritable');
      if (isHeld(lock)) return false;
      release(lock);
    }
  return false;
}

function isHeld(lock: string): boolean {
  let text: string;
  try {
    text = readFileSync(lock, 'utf8');
  } catch {
    return false;
  }
  const pid = Number(text.split(' ', 1)[0]);
  // Just made and not written to yet, or a machine without /proc: whoever has it is believed while it lives.
  if (!Number.isInteger(pid) || pid <= 0) return text === '';
  return text === holder(pid);
}

/** The process and the moment it began, in ticks since the machine started: a number that is used again is another process. */
function holder(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid} gone`;
  }
}

function release(lock: string): void {
  try {
    unlinkSync(lock);
  } catch {
    // Another took it over.
  }
}
