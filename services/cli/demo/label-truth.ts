import { MOST_DEVICES } from '../../../schemas/cube.ts';
import type { Period } from '../../../schemas/period.ts';
import type { ReleaseCell, SlotSum } from '../../../schemas/release.ts';
import type { Report } from '../../../schemas/report.ts';
import type { Lane, Slot, SlotCell } from '../../../schemas/slot.ts';
import { type LaneSums, sumsOf } from '../../core/slot-sums.ts';
import type { Identifier } from '../../identify/identity.ts';
import { identifyLines } from '../../ingest/identify-lines.ts';
import { slotsOf } from '../../ingest/slots.ts';

/** What slots are made from is not sealed. */
const UNSEALED = { seal: (vendor: string, model: string) => ({ vendor, model }) };

/** The last report of each token: what its site wants counted of the month, whatever was delivered when and how often. */
export class LastReports {
  readonly #last = new Map<string, Report>();

  add(report: Report): void {
    const known = this.#last.get(report.token);
    if (!known || known.sequence < report.sequence) this.#last.set(report.token, report);
  }

  get all(): readonly Report[] {
    return [...this.#last.values()];
  }
}

/**
 * What the labels of a release name, before noise: each site once, as its last report has it, within the bounds that
 * stand in the label. No store, no versions, no keys: one slot more is one more.
 */
export function labelTruth(
  reports: readonly Report[],
  {
    period,
    cap,
    identifier,
    listed,
  }: {
    readonly period: Period;
    readonly cap: number;
    readonly identifier: Identifier;
    readonly listed: readonly ReleaseCell[];
  },
): SlotSum[] {
  const counted = new Tally(cap);
  for (const { token, platform, devices, withdraw } of reports)
    for (const slot of slotsOf(
      {
        ...{ token: Buffer.from(token), period, sequence: 1, withdraw: withdraw === true },
        platform: identifier.platform(platform.name, platform.version),
        models: identifyLines(devices, { identifier, most: MOST_DEVICES, seal: UNSEALED }).models,
      },
      cap,
    ))
      counted.add(slot);
  return sumsOf(counted.sums, listed);
}

interface Sum extends SlotCell {
  sites: number;
  amount: number;
}

class Tally {
  readonly #cap: number;
  readonly #cells = new Map<string, Sum>();
  readonly #makers = new Map<string, number>();
  #all = 0;
  #atCap = 0;

  constructor(cap: number) {
    this.#cap = cap;
  }

  add({ lane, platform, category, vendor, model, amount }: Slot): void {
    if (amount === 0) return;
    const key = [lane, platform, category, vendor, model].join('\0');
    const known = this.#cells.get(key) ?? { lane, platform, category, vendor, model, sites: 0, amount: 0 };
    this.#cells.set(key, { ...known, sites: known.sites + 1, amount: known.amount + amount });
    if (lane === ('platforms' satisfies Lane)) this.#all++;
    if (lane === ('makers' satisfies Lane)) this.#makers.set(vendor, (this.#makers.get(vendor) ?? 0) + 1);
    if (lane === ('phones' satisfies Lane) && amount >= this.#cap) this.#atCap++;
  }

  get sums(): LaneSums {
    const makers = [...this.#makers].map(([vendor, sites]) => ({ vendor, sites }));
    return { all: this.#all, atCap: this.#atCap, cells: [...this.#cells.values()], makers };
  }
}
