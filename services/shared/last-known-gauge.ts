import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from './clock.ts';
import { settledWithin } from './settled-within.ts';

/** How long a look at the metrics waits for what a dependency says now. */
const WAIT_MS = 500;

export interface LastKnown {
  readonly name: string;
  readonly help: string;
  /** Label of each value. */
  readonly label: string;
  /** What the dependency says now: a value for each label. */
  readonly read: () => Promise<ReadonlyMap<string, number>>;
  readonly clock: Clock;
}

/**
 * A gauge of what a dependency says, which never keeps the other metrics waiting: when it does not answer, what it said
 * last stands, with its age in `NAME_age_seconds`. Failed readings are counted in `NAME_read_failures_total`. One
 * reading is under way at a time, however long it takes.
 */
export function lastKnownGauge(registry: Registry, { name, help, label, read, clock }: LastKnown): void {
  const registers = [registry];
  const failures = new Counter({
    name: `${name}_read_failures_total`,
    help: `Times that ${name} could not be read`,
    registers,
  });
  let known: { readonly values: ReadonlyMap<string, number>; readonly at: number } | undefined;
  let reading: Promise<void> | undefined;
  const readAgain = async () => {
    const at = clock.now();
    try {
      known = { values: await read(), at };
    } catch {
      failures.inc();
    } finally {
      reading = undefined;
    }
  };
  new Gauge({
    name,
    help: `${help} (as last known: see ${name}_age_seconds)`,
    labelNames: [label],
    registers,
    async collect() {
      reading ??= readAgain();
      await settledWithin(WAIT_MS, reading);
      this.reset();
      for (const [value, number] of known?.values ?? []) this.set({ [label]: value }, number);
    },
  });
  new Gauge({
    name: `${name}_age_seconds`,
    help: `Seconds since ${name} was read; no value before the first time`,
    registers,
    async collect() {
      if (reading) await settledWithin(WAIT_MS, reading);
      this.remove();
      if (known) this.set(Math.max(0, clock.now() - known.at) / 1_000);
    },
  });
}
