import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import { Environment } from './environment.ts';
import { decodeRecord, headOf } from './record.ts';

export interface Batch {
  readonly blocks: readonly Block[];
  /** Lets go of them. Not flushed when something of their segment is left: after a power cut they come again. */
  commit(): Promise<void>;
}

export interface Waiting {
  readonly blocks: number;
  readonly reports: number;
  readonly bytes: number;
}

/** Blocks of one period that were appended one after another: a piece of its log that is deleted when it is drained. */
export class Segment {
  readonly #environment: Environment<number>;
  #nextOffset: number;
  #blocks = 0;
  #reports = 0;
  #bytes = 0;

  constructor(directory: string) {
    this.#environment = new Environment(directory, 'records');
    let last = 0;
    for (const { key, value } of this.#environment.entries()) {
      this.#count(value, 1);
      last = key;
    }
    this.#nextOffset = last + 1;
  }

  get waiting(): Waiting {
    return { blocks: this.#blocks, reports: this.#reports, bytes: this.#bytes };
  }

  /** Resolves when the record is flushed to disk. */
  async append(record: Buffer): Promise<void> {
    await this.#environment.put(this.#nextOffset++, record);
    this.#count(record, 1);
  }

  settled(): Promise<void> {
    return this.#environment.settled();
  }

  /** The oldest blocks, at most `maxBytes` of them but at least one. */
  read(period: Period, maxBytes: number): { readonly blocks: Block[]; readonly last: number } {
    const blocks: Block[] = [];
    let bytes = 0;
    let last = 0;
    for (const { key, value } of this.#environment.entries()) {
      bytes += value.byteLength;
      if (blocks.length > 0 && bytes > maxBytes) break;
      blocks.push(decodeRecord(period, value));
      last = key;
    }
    return { blocks, last };
  }

  /** Removes every record up to `last`. */
  async removeUpTo(last: number): Promise<void> {
    const keys: number[] = [];
    for (const { key, value } of this.#environment.entries()) {
      if (key > last) break;
      keys.push(key);
      this.#count(value, -1);
    }
    await this.#environment.remove(keys);
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  destroy(): Promise<void> {
    return this.#environment.destroy();
  }

  #count(record: Buffer, sign: 1 | -1): void {
    const { reports, bytes } = headOf(record);
    this.#blocks += sign;
    this.#reports += sign * reports;
    this.#bytes += sign * bytes;
  }
}
