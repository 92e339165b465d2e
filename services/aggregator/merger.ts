import type { Period } from '../../schemas/period.ts';
import type { FactMerger } from '../ports/fact-merger.ts';
import { pause } from '../shared/clock.ts';
import { describeFailure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';

/** Merging has so much of the time at most: after a merge nothing is merged for 24 times as long. */
const PERCENT = 4;

/** What is still read is looked at again after this long, and what failed is tried again. */
const AGAIN_MS = 1_000;

export interface MergerDeps {
  readonly store: FactMerger;
  /** Whether the period is being closed: nothing touches its facts any more but what destroys them. */
  readonly isClosing: (period: Period) => Promise<boolean>;
  readonly journal: Log;
  /** Of the time, that merging may have: {@link PERCENT} where nobody chose another. */
  readonly percent?: number;
  /** Milliseconds of a clock that only runs forward. */
  readonly elapsed?: () => number;
  readonly rest?: typeof pause;
}

/**
 * Merges what was inserted as soon as it may: until then a copy of the store shows which facts arrived together. The
 * merge follows an insert at once unless one was made lately: see {@link PERCENT}.
 */
export class Merger {
  readonly #deps: Required<MergerDeps>;
  readonly #due = new Set<Period>();
  #wake: () => void = () => {};

  constructor(deps: MergerDeps) {
    this.#deps = { percent: PERCENT, elapsed: () => performance.now(), rest: pause, ...deps };
  }

  /** To be called when facts of the period were inserted. */
  inserted(period: Period): void {
    this.#due.add(period);
    this.#wake();
  }

  /** Begins with what an earlier process has left; returns when `signal` aborts and the merge in hand is over. */
  async run(signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    for (const period of await this.#periods()) this.#due.add(period);
    while (!signal.aborted) {
      const [period] = this.#due;
      if (period === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#due.delete(period);
      await this.#deps.rest(await this.#merge(period), signal);
    }
    signal.removeEventListener('abort', wake);
  }

  /** Resolves to how long to rest afterwards, in milliseconds. */
  async #merge(period: Period): Promise<number> {
    const { store, isClosing, journal, percent, elapsed } = this.#deps;
    const rest = (100 - percent) / percent;
    let began = elapsed();
    try {
      if (await isClosing(period)) return 0;
      began = elapsed();
      const outcome = await store.mergeFacts(period);
      if (outcome === 'nothing-to-merge') return 0;
      if (outcome === 'merged') return (elapsed() - began) * rest;
    } catch (thrown) {
      journal.warn('facts could not be merged, it is tried again', { period, ...describeFailure(thrown) });
    }
    this.#due.add(period);
    return Math.max(AGAIN_MS, (elapsed() - began) * rest);
  }

  async #periods(): Promise<Period[]> {
    return this.#deps.store.factPeriods().catch((thrown: unknown) => {
      this.#deps.journal.warn('what is not merged yet is not known', describeFailure(thrown));
      return [];
    });
  }
}

/** Merges every period that is not being closed: what no aggregator came to. */
export async function mergeAll({ store, isClosing }: Pick<MergerDeps, 'store' | 'isClosing'>): Promise<void> {
  for (const period of await store.factPeriods()) if (!(await isClosing(period))) await store.mergeFacts(period);
}
