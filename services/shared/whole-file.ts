import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { drawNonce } from './random.ts';

export interface WholeFileOptions {
  /** Its owner's alone by default, whatever the mask of the process says. */
  readonly mode?: number;
  /** Before it has its name, with its descriptor. */
  readonly before?: (descriptor: number) => void;
}

/**
 * Puts the file in the place of what stands there: a power cut, a killed process or a full disk leaves the one or the other.
 * Throws the system's error, and leaves nothing beside it then.
 */
export function writeWhole(path: string, content: string | Uint8Array, options: WholeFileOptions = {}): void {
  write(path, content, options, renameSync);
}

/** As {@link writeWhole}, but what stands there stays: of several processes that write it, the first one's. */
export function writeFirst(path: string, content: string | Uint8Array, options: WholeFileOptions = {}): void {
  write(path, content, options, linkUnlessThere);
}

type Named = (unfinished: string, path: string) => void;

/** A link, unlike a rename, does not take the place of a file that is there. */
function linkUnlessThere(unfinished: string, path: string): void {
  try {
    linkSync(unfinished, path);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  }
}

function write(path: string, content: string | Uint8Array, options: WholeFileOptions, named: Named): void {
  const unfinished = `${path}.${drawNonce()}`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeDurably(unfinished, content, options);
    named(unfinished, path);
    syncDirectory(dirname(path));
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function writeDurably(path: string, content: string | Uint8Array, { mode = 0o600, before }: WholeFileOptions): void {
  const file = openSync(path, 'wx', mode);
  try {
    fchmodSync(file, mode);
    before?.(file);
    // Not writeSync: of what has no room on the disk that writes a part, and says nothing.
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Without it a power cut may forget the file's name. There are file systems that cannot, and folders that may only be written to. */
export function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch (thrown) {
    if (!CANNOT_FLUSH.has(codeOf(thrown))) throw thrown;
  }
}

const CANNOT_FLUSH: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EACCES']);

function codeOf(thrown: unknown): string {
  return String((thrown as NodeJS.ErrnoException).code);
}
