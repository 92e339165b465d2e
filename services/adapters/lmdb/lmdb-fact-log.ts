import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import type { DeadLetterCount } from '../../ports/dead-letters.ts';
import type { ConsumeOptions } from '../../ports/log-consumer.ts';
import { pause } from '../../shared/clock.ts';
import { describeFailure, Failure } from '../../shared/failure.ts';
import { InFlight } from '../../shared/in-flight.ts';
import type { Log } from '../../shared/log.ts';
import type { FactLog } from '../fact-log.ts';
import { requireSpace } from './environment.ts';
import { periodsIn } from './environments.ts';
import { PeriodLog } from './period-log.ts';
import { requireWholeLog } from './salvage.ts';

export interface LmdbFactLogOptions {
  readonly directory: string;
  /** Bytes of blocks that may wait in the log; an append past it fails with `log-full`. */
  readonly maxBytes: number;
  readonly journal?: Log;
}

/** The pause before a batch whose handler rejected is handed over again. */
const RETRY_PAUSE_MS = 500;

/**
 * The embedded log. One process has the directory; whoever composes makes sure of it. Throws `log-damaged` before anything
 * of it is opened here: see examine.ts.
 */
export async function openLmdbFactLog(options: LmdbFactLogOptions): Promise<FactLog> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  requireWholeLog(options.directory);
  const logs = periodsIn(options.directory).map((period) => PeriodLog.open(period, join(options.directory, period)));
  return new LmdbFactLog(options, await Promise.all(logs));
}

class LmdbFactLog implements FactLog {
  readonly #options: LmdbFactLogOptions;
  readonly #periods = new Map<Period, PeriodLog>();
  readonly #appends = new InFlight();
  #wake: () => void = () => {};
  #closed = false;
  #full = false;

  constructor(options: LmdbFactLogOptions, logs: readonly PeriodLog[]) {
    this.#options = options;
    for (const log of logs) this.#periods.set(log.period, log);
  }

  append(block: Block): Promise<void> {
    return this.#appends.add(this.#append(block));
  }

  async #append(block: Block): Promise<void> {
    this.#assertOpen();
    if (this.#waiting('bytes') + block.bytes.byteLength > this.#options.maxBytes) throw new Failure('log-full');
    this.#requireSpace();
    try {
      await this.#of(block.period).append(block);
    } catch (thrown) {
      throw new Failure('log-unavailable', {}, { cause: thrown });
    }
    this.#wake();
  }

  async consume(
    _group: string,
    handle: (batch: readonly Block[]) => Promise<void>,
    options: ConsumeOptions,
  ): Promise<void> {
    this.#assertOpen();
    while (!options.signal.aborted && !this.#closed) {
      await this.#gather(options);
      const log = this.#oldestWaiting();
      const batch = await log?.read(options.maxBytes);
      if (!log || !batch || options.signal.aborted) continue;
      try {
        await handle(batch.blocks);
        // The period may have been destroyed meanwhile: then there is nothing left to commit.
        if (this.#periods.get(log.period) === log) await batch.commit();
      } catch {
        await pause(RETRY_PAUSE_MS, options.signal);
      }
    }
  }

  async pending(_group: string, period: Period): Promise<number> {
    this.#assertOpen();
    return this.#periods.get(period)?.waiting.blocks ?? 0;
  }

  async periods(): Promise<Period[]> {
    this.#assertOpen();
    return [...this.#periods.keys()].sort();
  }

  async deadLetter(block: Block, reason: DeadLetterReason): Promise<void> {
    this.#assertOpen();
    await this.#of(block.period).deadLetter(block, reason);
  }

  async deadLetters(): Promise<DeadLetterCount[]> {
    this.#assertOpen();
    const sums = new Map<string, { period: Period; reason: DeadLetterReason; blocks: number; facts: number }>();
    for (const log of this.#periods.values())
      for (const { reason, block } of log.deadLetters()) {
        const name = `${log.period} ${reason}`;
        const sum = sums.get(name) ?? { period: log.period, reason, blocks: 0, facts: 0 };
        sum.blocks++;
        sum.facts += block.facts;
        sums.set(name, sum);
      }
    return [...sums.values()];
  }

  async replay(period: Period): Promise<number> {
    this.#assertOpen();
    const replayed = (await this.#periods.get(period)?.replay()) ?? 0;
    this.#wake();
    return replayed;
  }

  async drop(period: Period): Promise<number> {
    this.#assertOpen();
    return (await this.#periods.get(period)?.dropDeadLetters()) ?? 0;
  }

  async destroy(period: Period): Promise<void> {
    this.#assertOpen();
    const log = this.#periods.get(period);
    this.#periods.delete(period);
    await log?.destroy();
  }

  async check(): Promise<void> {
    this.#assertOpen();
    if (this.#waiting('bytes') >= this.#options.maxBytes) throw new Failure('log-full');
    this.#requireSpace();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#appends.settled();
    this.#wake();
    await Promise.all([...this.#periods.values()].map((log) => log.close()));
  }

  #of(period: Period): PeriodLog {
    const there = this.#periods.get(period);
    if (there) return there;
    const log = PeriodLog.begin(period, join(this.#options.directory, period));
    this.#periods.set(period, log);
    return log;
  }

  /** Told once, whenever it changes: nobody reads a line for each report that was turned away. */
  #requireSpace(): void {
    const { directory, journal } = this.#options;
    try {
      requireSpace(directory);
      if (this.#full) journal?.info('there is space on the disk again: reports are taken');
      this.#full = false;
    } catch (thrown) {
      if (!this.#full) journal?.error('the disk is full: reports are answered 503', describeFailure(thrown));
      this.#full = true;
      throw thrown;
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new Failure('closed');
  }

  #waiting(what: 'blocks' | 'reports' | 'bytes'): number {
    let sum = 0;
    for (const log of this.#periods.values()) sum += log.waiting[what];
    return sum;
  }

  #oldestWaiting(): PeriodLog | undefined {
    return [...this.#periods.values()]
      .filter((log) => log.waiting.blocks > 0)
      .sort((a, b) => (a.period < b.period ? -1 : 1))[0];
  }

  /** Waits until enough reports are there, or some are and `maxWaitMs` has passed since the wait began. */
  async #gather({ maxWaitMs, minReports, signal }: ConsumeOptions): Promise<void> {
    let timeUp = false;
    const stop = () => {
      timeUp = true;
      this.#wake();
    };
    const timer = setTimeout(stop, maxWaitMs);
    signal.addEventListener('abort', stop, { once: true });
    while (!timeUp && !signal.aborted && !this.#closed && this.#waiting('reports') < minReports)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
