import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import { Environment } from './environment.ts';

export interface DeadRecord {
  readonly reason: DeadLetterReason;
  readonly record: Buffer;
}

/** Blocks of one period that were set aside, until they are replayed or destroyed. */
export class DeadLetterEnvironment {
  readonly #environment: Environment<[DeadLetterReason, number]>;
  #next: number;

  constructor(directory: string) {
    this.#environment = new Environment(directory, 'dead');
    this.#next = Math.max(0, ...this.#keys()) + 1;
  }

  async put({ reason, record }: DeadRecord): Promise<void> {
    await this.#environment.put([reason, this.#next++], record);
  }

  settled(): Promise<void> {
    return this.#environment.settled();
  }

  all(): DeadRecord[] {
    return Array.from(this.#environment.entries(), ({ key, value }) => ({
      reason: key[0],
      record: Buffer.from(value),
    }));
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  destroy(): Promise<void> {
    return this.#environment.destroy();
  }

  #keys(): number[] {
    return Array.from(this.#environment.entries(), ({ key }) => key[1]);
  }
}
