import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Database, type Key, open, type RootDatabase } from 'lmdb';
import { Failure } from '../../shared/failure.ts';
import { InFlight } from '../../shared/in-flight.ts';
import { handled } from './failed-commit.ts';

/** Stands beside an environment's file from before its first record on: an environment with it and without a file was not left so. */
export const MARKER = 'begun';

/** Less than this is no space: LMDB's maps and the store beside it need some (eight megabytes). */
const LEAST_FREE_BYTES = 8 * 1024 * 1024;

/**
 * One LMDB environment in a directory of its own. What is removed from it stays readable in its file until a page is
 * written over: the only way to be rid of it is {@link destroy}.
 */
export class Environment<K extends Key> {
  readonly #directory: string;
  readonly #root: RootDatabase;
  readonly #records: Database<Buffer, K>;
  readonly #puts = new InFlight();
  /** A new directory survives a power cut only when it and those above it were flushed too. */
  readonly #directoryDurable: Promise<unknown>;
  #closing: Promise<void> | undefined;

  /** Opens or makes it. `name`: of its one database. */
  constructor(directory: string, name: string) {
    this.#directory = directory;
    const { root, records } = openIn<K>(directory, name);
    this.#root = root;
    this.#records = records;
    this.#directoryDurable = flushDirectories(directory);
    this.#directoryDurable.catch(() => {});
  }

  /** Resolves when the record is flushed to disk. All puts of one turn share a transaction and a flush. */
  put(key: K, record: Buffer): Promise<void> {
    return this.#puts.add(this.#put(key, record));
  }

  async #put(key: K, record: Buffer): Promise<void> {
    await this.#directoryDurable;
    try {
      const written = this.#records.put(key, record) as Promise<boolean> & { flushed: Promise<unknown> };
      await written;
      await written.flushed;
    } catch (thrown) {
      throw handled(thrown);
    }
  }

  /** Resolves when every put that was begun is over, however it ended. */
  settled(): Promise<void> {
    return this.#puts.settled();
  }

  /** In the order of keys. A record's bytes are valid until the next one is read. */
  entries(): Iterable<{ key: K; value: Buffer }> {
    return this.#records.getRange({});
  }

  /** Not flushed: after a power cut they are there again. */
  async remove(keys: readonly K[]): Promise<void> {
    try {
      await this.#root.transaction(() => {
        for (const key of keys) this.#records.remove(key);
      });
    } catch (thrown) {
      throw handled(thrown);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#root.close();
    return this.#closing;
  }

  /** Leaves no file of it. */
  async destroy(): Promise<void> {
    await this.close();
    rmSync(this.#directory, { recursive: true, force: true });
    await flushDirectory(dirname(this.#directory)).catch(ignoreMissing);
  }
}

interface Opened<K extends Key> {
  readonly root: RootDatabase;
  readonly records: Database<Buffer, K>;
}

/** What was begun and could not be finished is not left behind. */
function openIn<K extends Key>(directory: string, name: string): Opened<K> {
  const isNew = !existsSync(directory);
  let root: RootDatabase | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // separateFlushed: a put resolves when it is visible, its `flushed` when it survives a power cut.
    root = open({ path: directory, maxDbs: 2, encoding: 'binary', separateFlushed: true, noMemInit: false });
    const records = root.openDB<Buffer, K>({ name, encoding: 'binary' });
    for (const file of ['data.mdb', 'lock.mdb']) chmodSync(join(directory, file), 0o600);
    mark(directory);
    return { root, records };
  } catch (thrown) {
    void root?.close().catch(() => {});
    if (isNew) rmSync(directory, { recursive: true, force: true });
    throw handled(thrown);
  }
}

/**
 * Throws `disk-full`. Before a new environment is begun: LMDB maps its files, and a page of a map that finds no space ends
 * a process by a signal.
 */
export function requireSpace(directory: string): void {
  const { bavail, bsize } = statfsSync(directory);
  if (bavail * bsize < LEAST_FREE_BYTES) throw new Failure('disk-full', { freeBytes: bavail * bsize });
}

function mark(directory: string): void {
  const file = openSync(join(directory, MARKER), 'w', 0o600);
  try {
    writeSync(file, 'rollcall log\n');
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Of a period's environment: itself, the period's and the log's. */
function flushDirectories(directory: string): Promise<unknown> {
  const period = dirname(directory);
  return Promise.all([directory, period, dirname(period)].map(flushDirectory));
}

export async function flushDirectory(path: string): Promise<void> {
  const directory = await openFile(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Its parent may have been destroyed meanwhile. */
function ignoreMissing(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
}
