import type { Period } from '../../schemas/period.ts';
import type { Block } from '../ports/block.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import { Failure } from '../shared/failure.ts';
import { InFlight } from '../shared/in-flight.ts';
import { BlockLines, type Part } from './block-lines.ts';

/** A process that is to end has seconds, and a block may be set to wait for ten. */
const HURRIED_MS = 100;

export interface MixerOptions {
  /** How long the first report of a block waits for others. */
  readonly flushMs: number;
  /** A block with this many reports does not wait any longer. */
  readonly maxReports: number;
  /** Reports that may wait or be on their way to the log; more are turned away with `busy`. */
  readonly maxPending: number;
}

/** A report that waits for its block. */
interface Waiting {
  readonly part: Part;
  /** What was thrown by its part: it is in no block. */
  fault?: unknown;
}

interface Gathering {
  readonly reports: Waiting[];
  readonly durable: Promise<void>;
  readonly settle: (append: Promise<void>) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Gathers the reports of one flush window and appends their facts and slots to the log as one block, mixed. A report is
 * broken apart when its block is made, all of a block one after the other: what that needs is at hand then.
 */
export class Mixer {
  readonly #log: LogWriter;
  readonly #options: MixerOptions;
  readonly #gathering = new Map<Period, Gathering>();
  readonly #appends = new InFlight();
  /** Of the block that is being made: that is done at one go. */
  readonly #lines = new BlockLines();
  #pending = 0;
  #closed = false;
  #hurried = false;

  constructor(log: LogWriter, options: MixerOptions) {
    this.#log = log;
    this.#options = options;
  }

  /** Reports added and not yet durable. */
  get pending(): number {
    return this.#pending;
  }

  /** Resolves when the part's lines are durable in the log; rejects when they are not, or with what the part threw. */
  async add(period: Period, part: Part): Promise<void> {
    if (this.#closed) throw new Failure('closed');
    if (this.#pending >= this.#options.maxPending) throw new Failure('busy');
    this.#pending++;
    try {
      const block = this.#gathering.get(period) ?? this.#begin(period);
      const report: Waiting = { part };
      if (block.reports.push(report) >= this.#options.maxReports) this.#flush(period);
      await block.durable;
      if (report.fault !== undefined) throw report.fault;
    } finally {
      this.#pending--;
    }
  }

  /** The process is ending: what was gathered goes to the log now, and what still comes waits for others only for a moment. */
  hurry(): void {
    this.#hurried = true;
    for (const period of [...this.#gathering.keys()]) this.#flush(period);
  }

  /** Appends what was gathered and waits until everything is durable or has failed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const period of [...this.#gathering.keys()]) this.#flush(period);
    await this.#appends.settled();
  }

  get #flushMs(): number {
    const { flushMs } = this.#options;
    return this.#hurried ? Math.min(flushMs, HURRIED_MS) : flushMs;
  }

  #begin(period: Period): Gathering {
    const { promise, resolve } = promiseOf();
    const timer = setTimeout(() => this.#flush(period), this.#flushMs);
    const block = { reports: [], durable: promise, settle: resolve, timer };
    this.#gathering.set(period, block);
    return block;
  }

  #flush(period: Period): void {
    const block = this.#gathering.get(period);
    if (!block) return;
    this.#gathering.delete(period);
    clearTimeout(block.timer);
    block.settle(this.#appends.add(this.#append(period, block)));
  }

  async #append(period: Period, { reports }: Gathering): Promise<void> {
    const block = this.#made(period, reports);
    if (block) await this.#log.append(block);
  }

  /** Undefined when every part threw. */
  #made(period: Period, reports: readonly Waiting[]): Block | undefined {
    const lines = this.#lines;
    try {
      const whole = reports.filter((report) => isAdded(report, lines));
      if (whole.length === 0) return undefined;
      return { period, facts: lines.length, reports: whole.length, bytes: lines.write(period) };
    } finally {
      lines.clear();
    }
  }
}

function isAdded(report: Waiting, lines: BlockLines): boolean {
  try {
    lines.add(report.part);
    return true;
  } catch (thrown) {
    report.fault = thrown;
    return false;
  }
}

function promiseOf(): { promise: Promise<void>; resolve: (append: Promise<void>) => void } {
  let resolve!: (append: Promise<void>) => void;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
