import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that can be full. */
export interface SmallDisk {
  readonly directory: string;
  /** Takes every byte that is left, but for so many whole pages. */
  fill(pagesLeft?: number): void;
  /** Gives them back. */
  clear(): void;
  /** From now on nothing on it can be changed, by root neither. */
  readOnly(): void;
  writable(): void;
  unmount(): void;
}

/** Mounts a disk in memory at the directory; undefined where this user may not. */
export function mountSmallDisk(directory: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(directory, { recursive: true });
  if (process.getuid?.() !== 0) return undefined;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  if (status !== 0) return undefined;
  const remount = (how: 'ro' | 'rw') => {
    const done = spawnSync('mount', ['-o', `remount,${how}`, directory], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`not mounted ${how}: ${done.stderr}`);
  };
  const filler = join(directory, 'filler');
  return {
    directory,
    fill: (pagesLeft = 0) => fill(filler, pagesLeft),
    clear: () => rmSync(filler, { force: true }),
    readOnly: () => remount('ro'),
    writable: () => remount('rw'),
    unmount: () => void spawnSync('umount', ['-l', directory]),
  };
}

const PAGE_BYTES = 4_096;

function fill(path: string, pagesLeft: number): void {
  const file = openSync(path, 'a');
  for (const bytes of [2 ** 20, PAGE_BYTES]) {
    const piece = Buffer.alloc(bytes);
    try {
      for (;;) writeSync(file, piece);
    } catch {
      // That was the last of it.
    }
  }
  ftruncateSync(file, fstatSync(file).size - pagesLeft * PAGE_BYTES);
  closeSync(file);
}
