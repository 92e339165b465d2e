import { mkdirSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Database, type Key, open, type RootDatabase } from 'lmdb';
import { InFlight } from '../../shared/in-flight.ts';

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
    mkdirSync(directory, { recursive: true });
    // separateFlushed: a put resolves when it is visible, its `flushed` when it survives a power cut.
    this.#root = open({ path: directory, maxDbs: 2, encoding: 'binary', separateFlushed: true, noMemInit: false });
    this.#records = this.#root.openDB({ name, encoding: 'binary' });
    this.#directoryDurable = flushDirectories(directory);
    this.#directoryDurable.catch(() => {});
  }

  /** Resolves when the record is flushed to disk. All puts of one turn share a transaction and a flush. */
  put(key: K, record: Buffer): Promise<void> {
    return this.#puts.add(this.#put(key, record));
  }

  async #put(key: K, record: Buffer): Promise<void> {
    await this.#directoryDurable;
    const written = this.#records.put(key, record) as Promise<boolean> & { flushed: Promise<unknown> };
    await written;
    await written.flushed;
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
    await this.#root.transaction(() => {
      for (const key of keys) this.#records.remove(key);
    });
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
