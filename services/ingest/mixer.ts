import type { Period } from '../../schemas/period.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import { Failure } from '../shared/failure.ts';
import { InFlight } from '../shared/in-flight.ts';
import { drawUint32s } from '../shared/random.ts';
import type { FactLines, ReportLines } from './fact-lines.ts';

export interface MixerOptions {
  /** How long the first report of a block waits for others. */
  readonly flushMs: number;
  /** A block with this many reports does not wait any longer. */
  readonly maxReports: number;
  /** Reports that may wait or be on their way to the log; more are turned away with `busy`. */
  readonly maxPending: number;
}

interface Gathering {
  /** The lines of one report each. */
  readonly reports: ReportLines[];
  readonly durable: Promise<void>;
  readonly settle: (append: Promise<void>) => void;
  readonly timer: NodeJS.Timeout;
}

/** Gathers the facts and slots of all reports of one flush window, shuffles each kind and appends them to the log as one block. */
export class Mixer {
  readonly #log: LogWriter;
  readonly #options: MixerOptions;
  readonly #gathering = new Map<Period, Gathering>();
  readonly #appends = new InFlight();
  #pending = 0;
  #closed = false;

  constructor(log: LogWriter, options: MixerOptions) {
    this.#log = log;
    this.#options = options;
  }

  /** Reports added and not yet durable. */
  get pending(): number {
    return this.#pending;
  }

  /** Resolves when the lines are durable in the log; rejects when they are not and may be sent again. */
  async add(period: Period, lines: ReportLines): Promise<void> {
    if (this.#closed) throw new Failure('closed');
    if (this.#pending >= this.#options.maxPending) throw new Failure('busy');
    this.#pending++;
    try {
      const block = this.#gathering.get(period) ?? this.#begin(period);
      if (block.reports.push(lines) >= this.#options.maxReports) this.#flush(period);
      await block.durable;
    } finally {
      this.#pending--;
    }
  }

  /** Appends what was gathered and waits until everything is durable or has failed. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const period of [...this.#gathering.keys()]) this.#flush(period);
    await this.#appends.settled();
  }

  #begin(period: Period): Gathering {
    const { promise, resolve } = promiseOf();
    const timer = setTimeout(() => this.#flush(period), this.#options.flushMs);
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
    const facts = shuffled(reports.map((report) => report.facts));
    const slots = shuffled(reports.map((report) => report.slots));
    const lines = facts.ends.length + slots.ends.length;
    // Facts first, then slots: where one ends and the other begins is seen without looking at every line.
    const bytes = Buffer.concat([facts.bytes, slots.bytes]);
    await this.#log.append({ period, facts: lines, reports: reports.length, bytes });
  }
}

function promiseOf(): { promise: Promise<void>; resolve: (append: Promise<void>) => void } {
  let resolve!: (append: Promise<void>) => void;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** All lines in an order that says nothing about which report a line is of. */
export function shuffled(reports: readonly FactLines[]): FactLines {
  const lines = reports.flatMap((report) =>
    report.ends.map((end, i) => ({ report, from: report.ends[i - 1] ?? 0, end })),
  );
  shuffle(lines);
  const bytes = Buffer.allocUnsafe(reports.reduce((sum, report) => sum + report.bytes.length, 0));
  let at = 0;
  const ends = lines.map(({ report, from, end }) => {
    at += report.bytes.copy(bytes, at, from, end);
    return at;
  });
  return { bytes, ends };
}

/** Fisher-Yates with random bits from the system: the order of a block says nothing about which report a line is of. */
export function shuffle<T>(items: T[]): void {
  const random = drawUint32s(items.length);
  for (let i = items.length - 1; i > 0; i--) {
    // The bias of the multiplication is below items.length / 2^32.
    const j = Math.floor(((random[i] ?? 0) / 2 ** 32) * (i + 1));
    const held = items[i] as T;
    items[i] = items[j] as T;
    items[j] = held;
  }
}
