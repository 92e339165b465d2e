import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../rollcall-process.ts';

export interface ShiftedClock {
  /** For the process whose clock it is. */
  readonly env: { readonly CLOCK_FILE: string; readonly NODE_OPTIONS: string };
  /** From now on its clock is this far ahead of the system's, also while it runs. */
  set(seconds: number): void;
}

/** A wall clock for a process of ours that can be wrong. */
export function shiftedClock(seconds = 0): ShiftedClock {
  const file = join(temporaryDirectory(), 'ahead');
  const set = (ahead: number) => {
    writeFileSync(`${file}.new`, String(ahead));
    renameSync(`${file}.new`, file);
  };
  set(seconds);
  const preload = new URL('./shift.mjs', import.meta.url).href;
  return { env: { CLOCK_FILE: file, NODE_OPTIONS: `--import ${preload}` }, set };
}
