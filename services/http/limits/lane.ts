import { Failure } from '../../shared/failure.ts';

export interface LaneOptions {
  /** Works under way at a time. */
  readonly maxRunning: number;
  /** Works that wait; one more is refused at once. */
  readonly maxWaiting: number;
  /** One that has waited for so long is refused: whoever asked has given up, or is about to. */
  readonly maxWaitMs: number;
  /** After so long the lane lets go of the event loop, for what others are about to do. */
  readonly sliceMs: number;
  readonly now?: () => number;
}

interface Waiting {
  readonly since: number;
  readonly begin: () => void;
  readonly refuse: (failure: Failure) => void;
  readonly gone: () => boolean;
}

/**
 * A bounded queue: what cannot be done in time is refused while that is still cheap, and what nobody waits for any more
 * is not begun. Refusals are `busy` and `caller-gone`.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #pumping: NodeJS.Immediate | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether one more would be refused. */
  get full(): boolean {
    return this.#waiting.length >= this.#options.maxWaiting;
  }

  /** `gone`: whether whoever asked is not there any more. */
  run<T>(work: () => Promise<T>, gone: () => boolean = () => false): Promise<T> {
    if (this.full) return Promise.reject(new Failure('busy'));
    return new Promise((resolve, refuse) => {
      const begin = () => {
        this.#running++;
        void work()
          .then(resolve, refuse)
          .finally(() => {
            this.#running--;
            this.#pump();
          });
      };
      this.#waiting.push({ since: this.#now(), begin, refuse, gone });
      this.#pump();
    });
  }

  #pump(): void {
    this.#pumping ??= setImmediate(() => {
      this.#pumping = undefined;
      this.#work();
    });
  }

  #work(): void {
    const began = this.#now();
    this.#refuseLate(began);
    while (this.#running < this.#options.maxRunning && this.#waiting.length > 0) {
      if (this.#now() - began >= this.#options.sliceMs) {
        this.#pump();
        return;
      }
      const next = this.#waiting.shift() as Waiting;
      if (next.gone()) next.refuse(new Failure('caller-gone'));
      else next.begin();
    }
    // All places are taken, perhaps by what hangs: who waits is told all the same.
    if (this.#waiting.length > 0) this.#sweep ??= setTimeout(() => this.#swept(), this.#options.maxWaitMs / 4);
  }

  #swept(): void {
    this.#sweep = undefined;
    this.#work();
  }

  #refuseLate(now: number): void {
    while (this.#waiting[0] && now - this.#waiting[0].since > this.#options.maxWaitMs)
      this.#waiting.shift()?.refuse(new Failure('busy'));
  }
}
