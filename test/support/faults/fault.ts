import type { Random } from '../../../services/simulator/random.ts';
import type { Counted, History } from './history.ts';

/** Something that goes wrong, and how it is right again. Both may be done in any state. */
export interface Fault {
  /** Before anything is struck. */
  prepare?(random: Random): Promise<void>;
  strike(random: Random): Promise<void>;
  heal(): Promise<void>;
  /** After the last healing: whatever else has to be true besides the counts. Throws when it is not. */
  verify?(): Promise<void>;
  /** Processes of the product may end of it: whoever looks after them starts them again. */
  readonly ends?: true;
}

export type Faults = Readonly<Record<string, Fault>>;

export const nothing = async (): Promise<void> => {};

/** An installation with everything that can be done to it. */
export interface Target {
  readonly name: 'embedded' | 'distributed';
  readonly faults: Faults;
  readonly history: History;
  readonly threshold: number;
  /** Where agents send. */
  ingestUrl(): string;
  /** Whether everything says that it is ready. */
  isReady(): Promise<boolean>;
  /** Of each model that is shown; throws when nobody answers. */
  counted(): Promise<ReadonlyMap<string, Counted>>;
  /** Starts every process of the product that has ended, as whoever looks after it does. */
  revive(): Promise<void>;
  /** How many processes have ended though nobody ended them. */
  ended(): number;
  /** Megabytes of memory that the largest process of the product holds now. */
  memoryMb(): number;
  /** What a process of it may hold at most. */
  readonly mostMemoryMb: number;
  stop(): Promise<void>;
}

/** Each name with what it happens to before it: `store-reset`. */
export function named(what: string, faults: Faults): Faults {
  return Object.fromEntries(Object.entries(faults).map(([name, fault]) => [`${what}-${name}`, fault]));
}
