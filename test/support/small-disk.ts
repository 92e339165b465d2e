import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that can be full. */
export interface SmallDisk {
  readonly directory: string;
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives them back. */
  clear(): void;
  unmount(): void;
}

/** Mounts a disk in memory at the directory; undefined where this user may not. */
export function mountSmallDisk(directory: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(directory, { recursive: true });
  if (process.getuid?.() !== 0) return undefined;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  if (status !== 0) return undefined;
  const filler = join(directory, 'filler');
  return {
    directory,
    fill: () => fill(filler),
    clear: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync('umount', ['-l', directory]),
  };
}

function fill(path: string): void {
  const file = openSync(path, 'a');
  for (const bytes of [2 ** 20, 4_096]) {
    const piece = Buffer.alloc(bytes);
    try {
      for (;;) writeSync(file, piece);
    } catch {
      // That was the last of it.
    }
  }
  closeSync(file);
}
