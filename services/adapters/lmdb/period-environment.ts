import { mkdirSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import { decodeRecord, encodeRecord, HEADER_BYTES } from './record.ts';

type Records = Database<Buffer, number>;
type DeadRecords = Database<Buffer, [DeadLetterReason, number]>;

export interface Batch {
  readonly blocks: readonly Block[];
  /** The offset of the last block: what a commit names. */
  readonly last: number;
}

/** One period of the log: an LMDB environment in a directory of its own, deleted as a whole at close. */
export class PeriodEnvironment {
  readonly period: Period;
  readonly #directory: string;
  readonly #root: RootDatabase;
  readonly #records: Records;
  readonly #dead: DeadRecords;
  #nextOffset: number;
  #nextDead: number;
  /** A new directory survives a power cut only when it and its parent were flushed too. */
  readonly #directoryDurable: Promise<unknown>;
  #closing: Promise<void> | undefined;
  /** What waits to be consumed. */
  waiting = { blocks: 0, reports: 0, bytes: 0 };

  constructor(period: Period, directory: string) {
    this.period = period;
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    // separateFlushed: a put resolves when it is visible, its `flushed` when it survives a power cut.
    this.#root = open({ path: directory, maxDbs: 2, encoding: 'binary', separateFlushed: true, noMemInit: false });
    this.#records = this.#root.openDB({ name: 'records', encoding: 'binary' });
    this.#dead = this.#root.openDB({ name: 'dead', encoding: 'binary' });
    for (const { value } of this.#records.getRange({})) this.#count(value, 1);
    this.#nextOffset = (firstOf(this.#records.getKeys({ reverse: true, limit: 1 })) ?? 0) + 1;
    this.#nextDead = this.#dead.getKeysCount() + 1;
    this.#directoryDurable = Promise.all([syncDirectory(directory), syncDirectory(dirname(directory))]);
    this.#directoryDurable.catch(() => {});
  }

  /** Resolves when the block is flushed to disk. All appends of one turn share a transaction and a flush. */
  async append(block: Block): Promise<void> {
    const record = encodeRecord(block);
    await this.#directoryDurable;
    await flushed(this.#records.put(this.#nextOffset++, record));
    this.#count(record, 1);
  }

  /** The oldest blocks, at most `maxBytes` of them but at least one. */
  read(maxBytes: number): Batch | undefined {
    const blocks: Block[] = [];
    let bytes = 0;
    let last = 0;
    for (const { key, value } of this.#records.getRange({})) {
      bytes += value.byteLength;
      if (blocks.length > 0 && bytes > maxBytes) break;
      blocks.push(decodeRecord(this.period, value));
      last = key;
    }
    return blocks.length > 0 ? { blocks, last } : undefined;
  }

  /** Removes every record up to `last`. Not flushed: after a power cut they come again, which changes no count. */
  async commit(last: number): Promise<void> {
    await this.#root.transaction(() => {
      for (const { key, value } of this.#records.getRange({ end: last + 1 })) {
        this.#records.remove(key);
        this.#count(value, -1);
      }
    });
  }

  async deadLetter(block: Block, reason: DeadLetterReason): Promise<void> {
    await flushed(this.#dead.put([reason, this.#nextDead++], encodeRecord(block)));
  }

  deadLetters(): { reason: DeadLetterReason; block: Block }[] {
    return [...this.#dead.getRange({})].map(({ key, value }) => ({
      reason: key[0],
      block: decodeRecord(this.period, value),
    }));
  }

  /** Moves every dead letter back into the log in one transaction. */
  async replay(): Promise<number> {
    const letters = [...this.#dead.getRange({})].map(({ key, value }) => ({ key, value: Buffer.from(value) }));
    await flushed(
      this.#root.transaction(() => {
        for (const { key, value } of letters) {
          this.#records.put(this.#nextOffset++, value);
          this.#dead.remove(key);
        }
        return true;
      }),
    );
    for (const { value } of letters) this.#count(value, 1);
    return letters.length;
  }

  async dropDeadLetters(): Promise<number> {
    const keys = [...this.#dead.getKeys({})];
    await flushed(
      this.#root.transaction(() => {
        for (const key of keys) this.#dead.remove(key);
        return true;
      }),
    );
    return keys.length;
  }

  close(): Promise<void> {
    this.#closing ??= this.#root.close();
    return this.#closing;
  }

  async destroy(): Promise<void> {
    await this.close();
    rmSync(this.#directory, { recursive: true, force: true });
    await syncDirectory(dirname(this.#directory));
  }

  #count(record: Buffer, sign: 1 | -1): void {
    this.waiting.blocks += sign;
    this.waiting.reports += sign * record.readUInt32BE(1);
    this.waiting.bytes += sign * (record.byteLength - HEADER_BYTES);
  }
}

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

async function flushed(written: Promise<unknown>): Promise<void> {
  await written;
  await (written as Promise<unknown> & { flushed: Promise<unknown> }).flushed;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await openFile(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
