import { fchownSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../shared/failure.ts';
import { syncDirectory, writeWhole } from '../../shared/whole-file.ts';
import { State } from './state.ts';
import { unreadable, unwritable } from './unwritable.ts';

/**
 * The agent's one file, for its owner's eyes only. It is replaced as a whole: whenever the machine loses power there is the old
 * one or the new one.
 */
export class StateFile {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  /** Undefined where there is none. Throws Failure `state-unreadable` or `state-damaged`. */
  read(): State | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw unreadable(this.path, thrown);
    }
    const parsed = State.safeParse(jsonOf(text));
    if (!parsed.success) throw new Failure('state-damaged', { file: this.path });
    return parsed.data;
  }

  /** Throws Failure `state-unwritable`: then nothing may be sent, for it could not be taken back. */
  write(state: State): void {
    try {
      writeWhole(this.path, `${JSON.stringify(state)}\n`, { before: (file) => giveToFolder(file, dirname(this.path)) });
      this.#sweep();
    } catch (thrown) {
      throw unwritable(this.path, thrown);
    }
  }

  /** Leaves nothing of it: neither the file nor what an attempt that was killed has left beside it. */
  delete(): void {
    this.#sweep();
    try {
      unlinkSync(this.path);
      syncDirectory(dirname(this.path));
    } catch (thrown) {
      if (!isMissing(thrown)) throw unwritable(this.path, thrown);
    }
  }

  /** Only while the lock is held: nobody else writes then. */
  #sweep(): void {
    const own = basename(this.path);
    quietly(() => {
      for (const name of readdirSync(dirname(this.path)))
        if (name.startsWith(`${own}.`) && /^[0-9a-f]{16}$/.test(name.slice(own.length + 1)))
          unlinkSync(join(dirname(this.path), name));
    });
  }
}

/** What root writes beside the service's user belongs to that user, who could not read it otherwise. */
function giveToFolder(file: number, folder: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  if (uid !== 0) fchownSync(file, uid, gid);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMissing(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // What this was for is a comfort, not a promise.
  }
}
