import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statfsSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Period } from '../../schemas/period.ts';
import { Failure } from './failure.ts';
import { drawBytes } from './random.ts';
import { writeFirst } from './whole-file.ts';

/** What a month's key is used for: each has a key of its own, of which none tells another. */
export type Purpose = 'ticket' | 'limits' | 'requests' | 'seal-tag' | 'seal-box' | 'seal-nonce' | 'device-noise';

export interface MonthKey {
  /** 32 bytes. */
  readonly for: (purpose: Purpose) => Buffer;
}

export interface MonthKeysOptions {
  /** Keys are files below it: `PREFIX2026-11.key`. It should be in memory: see {@link inMemory}. */
  readonly directory: string;
  /** Tells installations apart that share a directory. */
  readonly prefix: string;
  /** Where processes share no directory: what every month's key is made from. Then none can be forgotten. */
  readonly secret?: string | undefined;
}

const KEY_BYTES = 32;
/** So many before a new one are kept by whoever makes it; older ones that a close did not delete here are swept. */
const KEPT_MONTHS = 2;

/**
 * One secret a month, which processes of an installation share by a directory on a memory file system: it survives a
 * process that is killed, is in no backup, and is gone after a reboot or a close.
 */
export class MonthKeys {
  readonly #options: MonthKeysOptions;
  readonly #known = new Map<Period, MonthKey>();

  constructor(options: MonthKeysOptions) {
    this.#options = options;
  }

  /** Made when it is not there. Throws `month-key-unusable`. */
  of(period: Period): MonthKey {
    return this.existing(period) ?? this.#remember(period, this.#make(period));
  }

  /** Undefined when there is none: it was never made, forgotten, or lost with the machine's memory. */
  existing(period: Period): MonthKey | undefined {
    const known = this.#known.get(period);
    if (known) return known;
    const { secret } = this.#options;
    const bytes = secret === undefined ? this.#read(period) : derived(Buffer.from(secret), period);
    return bytes && this.#remember(period, bytes);
  }

  /** Deletes it. Whoever has a copy of what was sealed with it can open nothing any more. */
  forget(period: Period): void {
    this.#known.delete(period);
    this.#delete(this.#path(period));
  }

  /** Whether the directory is in the machine's memory. Undefined where that cannot be told. */
  inMemory(): boolean | undefined {
    try {
      return MEMORY.has(statfsSync(existingAbove(this.#options.directory)).type);
    } catch {
      return undefined;
    }
  }

  #remember(period: Period, bytes: Buffer): MonthKey {
    const made = new Map<Purpose, Buffer>();
    const key: MonthKey = {
      for(purpose) {
        const known = made.get(purpose) ?? derived(bytes, purpose);
        made.set(purpose, known);
        return known;
      },
    };
    this.#known.set(period, key);
    // A process that closes nothing itself has no key of a closed month for long.
    for (const other of this.#known.keys()) if (other < monthsBefore(period, 1)) this.#known.delete(other);
    return key;
  }

  #read(period: Period): Buffer | undefined {
    try {
      const bytes = readFileSync(this.#path(period));
      return bytes.length === KEY_BYTES ? bytes : undefined;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#unusable(thrown);
    }
  }

  /** Of several processes one makes it: a file appears whole, under its name, or not at all. */
  #make(period: Period): Buffer {
    try {
      const { directory } = this.#options;
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      this.#requireOwn(directory);
      this.#sweep(period);
      writeFirst(this.#path(period), drawBytes(KEY_BYTES));
      const made = this.#read(period);
      if (!made) throw new Failure('month-key-unusable', { ROLLCALL_MONTH_KEY_DIR: this.#options.directory });
      return made;
    } catch (thrown) {
      throw thrown instanceof Failure ? thrown : this.#unusable(thrown);
    }
  }

  /** In a directory that everybody may write to, somebody else may have been there first. */
  #requireOwn(directory: string): void {
    const { uid } = statSync(directory);
    const own = process.geteuid?.();
    if (own !== undefined && own !== 0 && uid !== own && (statSync(directory).mode & 0o022) !== 0)
      throw new Failure('month-key-unusable', { ROLLCALL_MONTH_KEY_DIR: directory, cause: 'EPERM' });
  }

  /** By the months that are there and not by how long ago they were: a clock that is a year ahead must not take an open one's key. */
  #sweep(newest: Period): void {
    const { directory, prefix } = this.#options;
    const older = readdirSync(directory).flatMap((name) => {
      const month = name.startsWith(prefix)
        ? /^(20[0-9]{2}-[0-9]{2})\.key/.exec(name.slice(prefix.length))?.[1]
        : undefined;
      return month !== undefined && month < newest ? [{ name, month }] : [];
    });
    const kept = [...new Set(older.map(({ month }) => month))].sort().slice(-KEPT_MONTHS);
    for (const { name, month } of older) if (!kept.includes(month)) this.#delete(join(directory, name));
  }

  #delete(path: string): void {
    try {
      unlinkSync(path);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw this.#unusable(thrown);
    }
  }

  #path(period: Period): string {
    return join(this.#options.directory, `${this.#options.prefix}${period}.key`);
  }

  #unusable(thrown: unknown): Failure {
    const cause = String((thrown as NodeJS.ErrnoException).code ?? 'unknown');
    return new Failure('month-key-unusable', { ROLLCALL_MONTH_KEY_DIR: this.#options.directory, cause });
  }
}

/** tmpfs and ramfs. */
const MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

function existingAbove(directory: string): string {
  try {
    statSync(directory);
    return directory;
  } catch {
    const above = dirname(directory);
    return above === directory ? directory : existingAbove(above);
  }
}

function derived(key: Uint8Array, word: string): Buffer {
  return createHmac('sha256', key).update(word).digest();
}

function monthsBefore(period: Period, months: number): string {
  const [year, month] = period.split('-').map(Number) as [number, number];
  const at = year * 12 + month - 1 - months;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}
