import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Mapping } from '../../schemas/mapping.ts';
import { Period } from '../../schemas/period.ts';
import { type CapChoice, capIn, FIRST_CAP } from '../core/caps.ts';
import { completeFor } from '../core/mapping.ts';
import type { Caps } from '../ports/caps.ts';
import type { Mappings } from '../ports/mappings.ts';
import { type Clock, pause } from '../shared/clock.ts';
import { describeFailure, Failure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';
import { settledWithin } from '../shared/settled-within.ts';
import { writeWhole } from '../shared/whole-file.ts';

const Cap = z.strictObject({ since: Period, cap: z.int().min(1), at: z.int() });

/** What was learned, and when: milliseconds since 1970 by this process's clock. An older file has no caps. */
const Learned = z.strictObject({ readAt: z.int(), mappings: z.array(Mapping), caps: z.array(Cap).optional() });
type Learned = z.infer<typeof Learned>;

export interface KnownMappingsOptions {
  readonly store: Mappings & Caps;
  readonly clock: Clock;
  readonly journal: Log;
  /** Where the last list is kept, so that a restart does not need the store. */
  readonly path: string;
  /** The time between two looks, and between two attempts while there is no list at all. */
  readonly everyMs?: number;
  readonly againMs?: number;
}

const EVERY_MS = 10_000;
const AGAIN_MS = 1_000;
const CLOSE_MS = 1_000;

/** The curators' mappings as a process that takes reports knows them. */
export interface MappingList {
  /** All that there will ever be for `period`; throws `catalog-unavailable`, which may pass, while that is not known. */
  completeFor(period: Period): readonly Mapping[];
  /** The most phones of its most frequent model that a site adds to the period's release; throws as {@link completeFor}. */
  capFor(period: Period): number;
}

/** A process that nobody else adds mappings beside (embedded) knows all of them from its first look on. */
export async function ownMappings(store: Mappings & Caps): Promise<MappingList & { refresh(): Promise<void> }> {
  const read = async () => ({ mappings: await store.mappings(), caps: await store.caps() });
  let known = await read();
  return {
    completeFor: () => known.mappings,
    capFor: (period) => capIn(period, known.caps),
    refresh: async () => {
      known = await read();
    },
  };
}

/** No list: the catalogue as it was shipped. For a process without a way to the store. */
export const noMappings: MappingList = { completeFor: () => [], capFor: () => FIRST_CAP };

/**
 * Learns the mappings by looking every few seconds. A list serves a period if it was read late enough to hold all of the
 * period's mappings, however old it is by now: so a store that is down stops nothing within a month.
 */
export class KnownMappings implements MappingList {
  readonly #options: KnownMappingsOptions;
  readonly #stop = new AbortController();
  readonly #polling: Promise<void>;
  #learned: Learned | undefined;

  constructor(options: KnownMappingsOptions) {
    this.#options = options;
    this.#learned = remembered(options.path);
    this.#polling = this.#poll();
  }

  completeFor(period: Period): readonly Mapping[] {
    return this.#learnedFor(period).mappings;
  }

  capFor(period: Period): number {
    const choices: readonly CapChoice[] = this.#learnedFor(period).caps ?? [];
    return capIn(period, choices);
  }

  /** When the list was read, also by a process before this one. */
  get readAt(): number | undefined {
    return this.#learned?.readAt;
  }

  #learnedFor(period: Period): Learned {
    if (this.#learned && completeFor(period, this.#learned.readAt)) return this.#learned;
    throw new Failure('catalog-unavailable');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    // A store that hangs must not hold up the end of the process.
    await settledWithin(CLOSE_MS, this.#polling);
  }

  async #poll(): Promise<void> {
    const { everyMs = EVERY_MS, againMs = AGAIN_MS, journal } = this.#options;
    let failing = false;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#look();
        if (failing) journal.info('mappings are read again');
        failing = false;
      } catch (thrown) {
        if (!failing) journal.warn('mappings cannot be read', describeFailure(thrown));
        failing = true;
      }
      await pause(failing ? againMs : everyMs, this.#stop.signal);
    }
  }

  async #look(): Promise<void> {
    // The time before the question: an answer holds all that was there when it was asked for.
    const readAt = this.#options.clock.now();
    const { store } = this.#options;
    const learned = { readAt, mappings: await store.mappings(), caps: await store.caps() };
    const before = this.#learned;
    this.#learned = learned;
    if (worthKeeping(learned, before)) remember(this.#options.path, learned);
  }
}

const KEEP_EVERY_MS = 5 * 60_000;

/** Not at every look: a list that says the same is written once in a while, for its time. */
function worthKeeping(learned: Learned, before: Learned | undefined): boolean {
  if (!before || before.mappings.length !== learned.mappings.length) return true;
  if (before.caps?.length !== learned.caps?.length) return true;
  return Math.floor(learned.readAt / KEEP_EVERY_MS) !== Math.floor(before.readAt / KEEP_EVERY_MS);
}

function remembered(path: string): Learned | undefined {
  try {
    return Learned.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // None yet, or one that cannot be read: the store is asked.
    return undefined;
  }
}

/** A directory that cannot be written to costs only the memory of it. */
function remember(path: string, learned: Learned): void {
  try {
    writeWhole(path, JSON.stringify(learned));
  } catch {
    // The next look tries again.
  }
}
