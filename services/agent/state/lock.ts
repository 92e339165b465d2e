import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import { drawNonce } from '../../shared/random.ts';
import { unwritable } from './unwritable.ts';

/**
 * One run at a time for one state. Waits `patienceMs` for another to end, then throws Failure `another-run`. A lock of a process that
 * is gone, or whose number another process has now, is taken over. Throws Failure `state-unwritable` on a disk that cannot be
 * written to.
 */
export async function withLock<T>(path: string, patienceMs: number, act: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const step = 100;
  for (let waited = 0; !take(path); waited += step) {
    if (waited >= patienceMs) throw new Failure('another-run');
    await pause(step);
  }
  try {
    return await act();
  } finally {
    release(lock);
  }
}

/** The lock appears with its holder's name in it or not at all: a process that is killed leaves none that nobody holds. */
function take(path: string): boolean {
  const lock = `${path}.lock`;
  const own = `${path}.${drawNonce()}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(own, holder(process.pid), { mode: 0o600, flag: 'wx' });
    for (let attempt = 0; attempt < 2; attempt++)
      try {
        linkSync(own, lock);
        return true;
      } catch (thrown) {
        const { code } = thrown as NodeJS.ErrnoException;
        // Swept away by who holds the lock: it is held, then.
        if (code === 'ENOENT') return false;
        if (code !== 'EEXIST') throw thrown;
        if (isHeld(lock)) return false;
        release(lock);
      }
    return false;
  } catch (thrown) {
    throw unwritable(path, thrown);
  } finally {
    release(own);
  }
}

function isHeld(lock: string): boolean {
  try {
    const text = readFileSync(lock, 'utf8');
    const pid = Number(text.split(' ', 1)[0]);
    return Number.isInteger(pid) && pid > 0 && text === holder(pid);
  } catch {
    return false;
  }
}

/** The process and the moment it began, in ticks since the machine started: a number that is used again is another process. */
function holder(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    // No such process, or a system without /proc: then a number alone has to do.
    return alive(pid) ? `${pid}` : `${pid} gone`;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function release(lock: string): void {
  try {
    unlinkSync(lock);
  } catch {
    // Another took it over.
  }
}
