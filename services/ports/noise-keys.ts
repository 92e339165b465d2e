import type { Period } from '../../schemas/period.ts';

/** What noise is drawn from: destroyed with the facts. */
export interface NoiseKey {
  /** 32 random bytes, hexadecimal. */
  readonly key: string;
  /** Of the frozen cube, hexadecimal: the same snapshot gives the same noise, another is refused. Never leaves the server. */
  readonly digest: string;
}

/** One for a period that is being closed. `place-taken-twice` when there are two. */
export interface NoiseKeys {
  /**
   * The key that holds for the period: the given one unless there is one already. After {@link destroyNoiseKey} there
   * is none, so a given one holds again.
   */
  ensureNoiseKey(period: Period, fresh: NoiseKey): Promise<NoiseKey>;
  noiseKey(period: Period): Promise<NoiseKey | undefined>;
  /** Leaves no byte of it. A period without one is no error. */
  destroyNoiseKey(period: Period): Promise<void>;
}
