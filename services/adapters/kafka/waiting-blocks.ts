import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import type { ConsumeOptions } from '../../ports/log-consumer.ts';

/** Where a record was found. Offsets are 64-bit numbers, hence BigInt. */
export interface Place {
  readonly partition: number;
  readonly offset: bigint;
}

export interface Batch {
  readonly period: Period;
  readonly blocks: readonly Block[];
  /** By partition, the offset after the last record that this batch takes. */
  readonly commit: ReadonlyMap<number, bigint>;
}

interface Waiting extends Place {
  /** Null: a marker, which is committed and handed to nobody. */
  readonly block: Block | null;
}

interface Line {
  readonly records: Waiting[];
  /** When the first of them came, by the caller's clock. */
  since: number;
  reports: number;
  bytes: number;
}

/** Blocks that were fetched and wait to be handed over: one line a period, in the order they came. Pure. */
export class WaitingBlocks {
  readonly #options: Pick<ConsumeOptions, 'minReports' | 'maxWaitMs' | 'maxBytes'>;
  readonly #lines = new Map<Period, Line>();

  constructor(options: Pick<ConsumeOptions, 'minReports' | 'maxWaitMs' | 'maxBytes'>) {
    this.#options = options;
  }

  add(period: Period, place: Place, block: Block | null, now: number): void {
    const line = this.#lines.get(period) ?? { records: [], since: now, reports: 0, bytes: 0 };
    this.#lines.set(period, line);
    line.records.push({ ...place, block });
    line.reports += block?.reports ?? 0;
    line.bytes += block?.bytes.byteLength ?? 0;
  }

  /** When something is due, the oldest period of which anything waits: it goes first although it could wait longer. */
  due(now: number): Period | undefined {
    return this.dueIn(now) <= 0 ? [...this.#lines.keys()].sort()[0] : undefined;
  }

  /** Milliseconds until something is due, if nothing else comes. */
  dueIn(now: number): number {
    return Math.min(...[...this.#lines.values()].map((line) => this.#dueIn(line, now)), Number.POSITIVE_INFINITY);
  }

  #dueIn(line: Line, now: number): number {
    const { minReports, maxWaitMs, maxBytes } = this.#options;
    const enough = line.reports >= minReports || line.bytes >= maxBytes;
    const onlyMarkers = line.records.every(({ block }) => block === null);
    return enough || onlyMarkers ? 0 : Math.max(0, line.since + maxWaitMs - now);
  }

  /** Takes blocks of the period from the front of its line, as many as a batch may hold. */
  take(period: Period, now: number): Batch {
    const line = this.#lines.get(period) ?? { records: [], since: now, reports: 0, bytes: 0 };
    const blocks: Block[] = [];
    const commit = new Map<number, bigint>();
    let bytes = 0;
    let taken = 0;
    for (const { block, partition, offset } of line.records) {
      bytes += block?.bytes.byteLength ?? 0;
      if (blocks.length > 0 && bytes > this.#options.maxBytes) break;
      if (block) blocks.push(block);
      commit.set(partition, offset + 1n);
      taken++;
    }
    this.#lines.delete(period);
    for (const { block, ...place } of line.records.slice(taken)) this.add(period, place, block, line.since);
    return { period, blocks, commit };
  }

  forget(period: Period): void {
    this.#lines.delete(period);
  }

  clear(): void {
    this.#lines.clear();
  }
}
