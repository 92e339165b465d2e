import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from './fault.ts';
import { MODELS } from './history.ts';

type Looked = Pick<Target, 'history' | 'threshold' | 'isReady' | 'counted' | 'memoryMb'>;

/**
 * Looks at counts all the time. While everything says that it is ready (before the look and after it) they are never more
 * than was ever sent, and never fewer than they have been without sites that may have taken back.
 */
export class Probe {
  wrong = 0;
  memoryMb = 0;
  /** The first of what was wrong, in words. */
  readonly said: string[] = [];
  readonly #most = new Map<string, number>();
  readonly #target: Looked;
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(target: Looked) {
    this.#target = target;
    this.#running = this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      this.memoryMb = Math.max(this.memoryMb, this.#target.memoryMb());
      await this.#once().catch(() => {});
      await pause(300);
    }
  }

  async #once(): Promise<void> {
    if (!(await this.#target.isReady())) return;
    const counted = await this.#target.counted();
    if (!(await this.#target.isReady())) return;
    for (const model of MODELS) this.#compare(model, counted.get(model)?.sites ?? 0);
  }

  #compare(model: string, sites: number): void {
    const { history, threshold } = this.#target;
    const most = this.#most.get(model) ?? 0;
    const least = most - history.mayHaveGone(model);
    // Under the threshold nothing is shown.
    const fewer = sites < least && (sites > 0 || least >= threshold);
    const more = sites > history.everSaid(model);
    this.#most.set(model, Math.max(most, sites));
    if (!fewer && !more) return;
    this.wrong++;
    if (this.said.length === 0)
      this.said.push(`${model}: ${sites} sites, ${more ? 'more than ever said' : `were ${most}`}`);
  }
}
