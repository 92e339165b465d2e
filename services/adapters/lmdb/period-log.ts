import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import { DeadLetterEnvironment } from './dead-letter-environment.ts';
import { flushDirectory } from './environment.ts';
import { environmentsIn } from './environments.ts';
import { moveFormerEnvironment } from './former-environment.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import { type Batch, Segment, type Waiting } from './segment.ts';

/**
 * One period of the log, in a directory that is deleted as a whole at close: `blocks-N`, read in the order of N, and
 * `dead-N`. A read takes a whole segment, and later blocks go into a new one, so that what was consumed is deleted with
 * its file as soon as it is committed: LMDB itself would keep it in free pages for hours.
 */
export class PeriodLog {
  readonly period: Period;
  readonly #directory: string;
  readonly #segments: Segment[] = [];
  readonly #dead: DeadLetterEnvironment[] = [];
  #next = 1;
  /** Takes what is appended; the last of `#segments`, or not begun. */
  #open: Segment | undefined;
  #openDead: DeadLetterEnvironment | undefined;

  private constructor(period: Period, directory: string) {
    this.period = period;
    this.#directory = directory;
  }

  static async open(period: Period, directory: string): Promise<PeriodLog> {
    const log = new PeriodLog(period, directory);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const { kind, n } of environmentsIn(directory)) {
      if (kind === 'blocks') log.#segments.push(new Segment(join(directory, `blocks-${n}`)));
      else log.#dead.push(new DeadLetterEnvironment(join(directory, `dead-${n}`)));
      log.#next = Math.max(log.#next, n + 1);
    }
    if (existsSync(join(directory, 'data.mdb')))
      await moveFormerEnvironment(directory, {
        append: (record) => log.#toAppendTo().append(record),
        deadLetter: (dead) => log.#toSetAsideIn().put(dead),
      });
    await log.#dropEmpty();
    return log;
  }

  /** A period that begins with a block: nothing lies there. */
  static begin(period: Period, directory: string): PeriodLog {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return new PeriodLog(period, directory);
  }

  get waiting(): Waiting {
    const all = this.#segments.map((segment) => segment.waiting);
    const sum = (of: (waiting: Waiting) => number) => all.reduce((total, one) => total + of(one), 0);
    return { blocks: sum((one) => one.blocks), reports: sum((one) => one.reports), bytes: sum((one) => one.bytes) };
  }

  /** Resolves when the block is flushed to disk. */
  append(block: Block): Promise<void> {
    return this.#toAppendTo().append(encodeRecord(block));
  }

  /** The oldest blocks, at most `maxBytes` of them but at least one. To be committed before the next read. */
  async read(maxBytes: number): Promise<Batch | undefined> {
    const segment = this.#segments.find(({ waiting }) => waiting.blocks > 0);
    if (!segment) return undefined;
    if (segment === this.#open) {
      this.#open = undefined;
      await segment.settled();
    }
    const { blocks, last } = segment.read(this.period, maxBytes);
    return { blocks, commit: () => this.#commit(segment, blocks.length, last) };
  }

  async #commit(segment: Segment, blocks: number, last: number): Promise<void> {
    if (segment.waiting.blocks > blocks) return segment.removeUpTo(last);
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    await segment.destroy();
  }

  async deadLetter(block: Block, reason: DeadLetterReason): Promise<void> {
    await this.#toSetAsideIn().put({ reason, record: encodeRecord(block) });
  }

  deadLetters(): { reason: DeadLetterReason; block: Block }[] {
    return this.#dead
      .flatMap((environment) => environment.all())
      .map(({ reason, record }) => ({ reason, block: decodeRecord(this.period, record) }));
  }

  /** Appends every dead letter again, then deletes what they lay in: a crash in between costs a repetition. */
  replay(): Promise<number> {
    return this.#takeOut((record) => this.#toAppendTo().append(record));
  }

  dropDeadLetters(): Promise<number> {
    return this.#takeOut(async () => {});
  }

  async #takeOut(deal: (record: Buffer) => Promise<void>): Promise<number> {
    const environments = [...this.#dead];
    this.#openDead = undefined;
    await Promise.all(environments.map((environment) => environment.settled()));
    const letters = environments.flatMap((environment) => environment.all());
    await Promise.all(letters.map(({ record }) => deal(record)));
    this.#dead.splice(0, environments.length);
    for (const environment of environments) await environment.destroy();
    return letters.length;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#segments, ...this.#dead].map((environment) => environment.close()));
  }

  /** Leaves no file of the period. */
  async destroy(): Promise<void> {
    await this.close();
    rmSync(this.#directory, { recursive: true, force: true });
    await flushDirectory(dirname(this.#directory));
  }

  #toAppendTo(): Segment {
    if (!this.#open) {
      this.#open = new Segment(join(this.#directory, `blocks-${this.#next++}`));
      this.#segments.push(this.#open);
    }
    return this.#open;
  }

  #toSetAsideIn(): DeadLetterEnvironment {
    if (!this.#openDead) {
      this.#openDead = new DeadLetterEnvironment(join(this.#directory, `dead-${this.#next++}`));
      this.#dead.push(this.#openDead);
    }
    return this.#openDead;
  }

  /** A process that was killed leaves drained segments, and such as nothing was written to. */
  async #dropEmpty(): Promise<void> {
    for (const segment of this.#segments.filter(({ waiting }) => waiting.blocks === 0)) {
      this.#segments.splice(this.#segments.indexOf(segment), 1);
      if (segment === this.#open) this.#open = undefined;
      await segment.destroy();
    }
  }
}
