import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../services/shared/package-root.ts';
import { temporaryDirectory } from '../rollcall-process.ts';

export interface ShiftedClock {
  /** For the process whose clock it is. */
  readonly env: { readonly CLOCK_FILE: string; readonly NODE_OPTIONS: string };
  /** From now on its clock is this far ahead of the system's, also while it runs. */
  set(seconds: number): void;
}

/** A wall clock for a process of ours that can be wrong. */
export function shiftedClock(directory = temporaryDirectory()): ShiftedClock {
  const file = join(directory, 'ahead');
  const set = (ahead: number) => {
    writeFileSync(`${file}.new`, String(ahead));
    renameSync(`${file}.new`, file);
  };
  set(0);
  const preload = pathToFileURL(join(packageRoot(), 'test', 'support', 'clock', 'shift.mjs')).href;
  return { env: { CLOCK_FILE: file, NODE_OPTIONS: `--import ${preload}` }, set };
}
