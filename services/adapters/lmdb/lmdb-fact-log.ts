import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import type { DeadLetterCount } from '../../ports/dead-letters.ts';
import type { ConsumeOptions } from '../../ports/log-consumer.ts';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import { InFlight } from '../../shared/in-flight.ts';
import type { FactLog } from '../fact-log.ts';
import { PeriodEnvironment } from './period-environment.ts';

export interface LmdbFactLogOptions {
  readonly directory: string;
  /** Bytes of blocks that may wait in the log; an append past it fails with `log-full`. */
  readonly maxBytes: number;
}

/** The pause before a batch whose handler rejected is handed over again. */
const RETRY_PAUSE_MS = 500;

/** The embedded log. One process has the directory; whoever composes makes sure of it. */
export async function openLmdbFactLog(options: LmdbFactLogOptions): Promise<FactLog> {
  return new LmdbFactLog(options);
}

class LmdbFactLog implements FactLog {
  readonly #options: LmdbFactLogOptions;
  readonly #environments = new Map<Period, PeriodEnvironment>();
  readonly #appends = new InFlight();
  #wake: () => void = () => {};
  #closed = false;

  constructor(options: LmdbFactLogOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true });
    for (const name of readdirSync(options.directory)) {
      const period = Period.safeParse(name);
      if (period.success) this.#open(period.data);
    }
  }

  append(block: Block): Promise<void> {
    return this.#appends.add(this.#append(block));
  }

  async #append(block: Block): Promise<void> {
    this.#assertOpen();
    if (this.#waiting('bytes') + block.bytes.byteLength > this.#options.maxBytes) throw new Failure('log-full');
    try {
      const environment = this.#environments.get(block.period) ?? this.#open(block.period);
      await environment.append(block);
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
      const environment = this.#oldestWaiting();
      const batch = environment?.read(options.maxBytes);
      if (!environment || !batch || options.signal.aborted) continue;
      try {
        await handle(batch.blocks);
        // The period may have been destroyed meanwhile: then there is nothing left to commit.
        if (this.#environments.get(environment.period) === environment) await environment.commit(batch.last);
      } catch {
        await pause(RETRY_PAUSE_MS, options.signal);
      }
    }
  }

  async pending(_group: string, period: Period): Promise<number> {
    this.#assertOpen();
    return this.#environments.get(period)?.waiting.blocks ?? 0;
  }

  async periods(): Promise<Period[]> {
    this.#assertOpen();
    return [...this.#environments.keys()].sort();
  }

  async deadLetter(block: Block, reason: DeadLetterReason): Promise<void> {
    this.#assertOpen();
    await (this.#environments.get(block.period) ?? this.#open(block.period)).deadLetter(block, reason);
  }

  async deadLetters(): Promise<DeadLetterCount[]> {
    this.#assertOpen();
    const sums = new Map<string, { period: Period; reason: DeadLetterReason; blocks: number; facts: number }>();
    for (const environment of this.#environments.values())
      for (const { reason, block } of environment.deadLetters()) {
        const name = `${environment.period} ${reason}`;
        const sum = sums.get(name) ?? { period: environment.period, reason, blocks: 0, facts: 0 };
        sum.blocks++;
        sum.facts += block.facts;
        sums.set(name, sum);
      }
    return [...sums.values()];
  }

  async replay(period: Period): Promise<number> {
    this.#assertOpen();
    const replayed = (await this.#environments.get(period)?.replay()) ?? 0;
    this.#wake();
    return replayed;
  }

  async drop(period: Period): Promise<number> {
    this.#assertOpen();
    return (await this.#environments.get(period)?.dropDeadLetters()) ?? 0;
  }

  async destroy(period: Period): Promise<void> {
    this.#assertOpen();
    const environment = this.#environments.get(period);
    this.#environments.delete(period);
    await environment?.destroy();
  }

  async check(): Promise<void> {
    this.#assertOpen();
    if (this.#waiting('bytes') >= this.#options.maxBytes) throw new Failure('log-full');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#appends.settled();
    this.#wake();
    await Promise.all([...this.#environments.values()].map((environment) => environment.close()));
  }

  #open(period: Period): PeriodEnvironment {
    const environment = new PeriodEnvironment(period, join(this.#options.directory, period));
    this.#environments.set(period, environment);
    return environment;
  }

  #assertOpen(): void {
    if (this.#closed) throw new Failure('closed');
  }

  #waiting(what: 'blocks' | 'reports' | 'bytes'): number {
    let sum = 0;
    for (const environment of this.#environments.values()) sum += environment.waiting[what];
    return sum;
  }

  #oldestWaiting(): PeriodEnvironment | undefined {
    return [...this.#environments.values()]
      .filter((environment) => environment.waiting.blocks > 0)
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
