import { hash } from 'node:crypto';
import type { Period } from '../schemas/period.ts';
import type { NoisedCell, ReleaseCell } from '../schemas/release.ts';
import type { Slot } from '../schemas/slot.ts';
import { FIRST_CAP, nextCap } from '../services/core/caps.ts';
import { parsePeriod } from '../services/core/period.ts';
import { cellKey } from '../services/core/release-cell.ts';
import { type LaneSums, sumsOf } from '../services/core/slot-sums.ts';
import { slotsOf } from '../services/ingest/slots.ts';
import { listedCells } from '../services/releases/numbers/listed-cells.ts';
import { noiseListed } from '../services/releases/numbers/noise.ts';
import { publish } from '../services/releases/numbers/publish.ts';
import type { Published } from '../services/releases/numbers/published.ts';
import type { NoisedPeriod, PhonesPerSite } from '../services/releases/numbers/shown.ts';
import { heavyFleet, heavyNames } from '../services/simulator/heavy-fleet.ts';
import { OldSums } from './old-releases.ts';

export const PERIOD: Period = parsePeriod('2026-11');
export const LISTED: readonly ReleaseCell[] = listedCells(heavyNames());

/** A fleet's frozen sums, in today's bounds and in those of before, and how many phones it really has. */
export interface CountedFleet {
  readonly sites: number;
  readonly cap: number;
  readonly sums: ReturnType<typeof sumsOf>;
  /** The public list: what is noised, which is all that some site has and all phones, and the others. */
  readonly listed: { readonly had: readonly ReleaseCell[]; readonly hadByNobody: readonly NoisedCell[] };
  readonly old: OldSums;
  /** By `vendor|model`, by vendor and all: without any bound. */
  readonly phones: ReadonlyMap<string, number>;
  /** Sites with the model, whatever else they have. */
  readonly haveIt: ReadonlyMap<string, number>;
}

/** Every site reports once, so that nothing has to be told apart by keys: each slot is one more. */
export function countFleet(sites: number, zipf: number, seed: number): CountedFleet {
  const cap = nextCap(FIRST_CAP, sites);
  const cells = new Map<string, { slot: Slot; sites: number; amount: number }>();
  const makers = new Map<string, number>();
  const phones = new Map<string, number>();
  const haveIt = new Map<string, number>();
  const old = new OldSums();
  let atCap = 0;
  const add = (map: Map<string, number>, key: string, n: number) => map.set(key, (map.get(key) ?? 0) + n);
  for (const site of heavyFleet({ sites, seed, zipf, period: PERIOD })) {
    old.add(site);
    for (const { category, vendor, model, count } of site.models) {
      if (category !== 'phone') continue;
      for (const key of [`${vendor}|${model}`, vendor, '']) add(phones, key, count);
      add(haveIt, `${vendor}|${model}`, 1);
    }
    for (const slot of slotsOf(site, cap)) {
      const key = [slot.lane, slot.platform, slot.category, slot.vendor, slot.model].join('|');
      const known = cells.get(key);
      if (known) {
        known.sites++;
        known.amount += slot.amount;
      } else cells.set(key, { slot, sites: 1, amount: slot.amount });
      if (slot.lane === 'makers') add(makers, slot.vendor, 1);
      if (slot.lane === 'phones' && slot.amount === cap) atCap++;
    }
  }
  const lanes: LaneSums = {
    ...{ all: sites, atCap },
    cells: [...cells.values()].map(({ slot, sites, amount }) => ({ ...slot, sites, amount })),
    makers: [...makers].map(([vendor, sites]) => ({ vendor, sites })),
  };
  const sums = sumsOf(lanes, LISTED);
  return { sites, cap, sums, listed: listedOf(sums), old, phones, haveIt };
}

/**
 * One draw of a fleet's noise. Names that nobody has stay in the list, which decides the gates; but for phones they are
 * zeros without noise, for less work: less than one of them in twenty releases would be printed (test/unit/release-noise.test.ts).
 */
export function drawNoise({ cap, listed }: CountedFleet, sums: CountedFleet['sums'], word: string): NoisedPeriod {
  const key = { key: hash('sha256', `key ${word}`), digest: hash('sha256', `digest ${word}`) };
  const cells = noiseListed({ period: PERIOD, profile: 'noised', key, cap, listed: listed.had, sums });
  const noised = cells.map((cell): NoisedCell => ({ ...cell, held: null }));
  return { profile: 'noised', cap, threshold: 10, cells: [...noised, ...listed.hadByNobody] };
}

function listedOf(sums: CountedFleet['sums']): CountedFleet['listed'] {
  const had = new Set(sums.map(cellKey));
  // Phones are made to agree with those of every listed model, whether anybody has it or not.
  const drawn = (cell: ReleaseCell) => had.has(cellKey(cell)) || /^(all|at_cap|phone_)/.test(cell.query);
  const nobody = LISTED.filter((cell) => !drawn(cell));
  return {
    had: LISTED.filter(drawn),
    hadByNobody: nobody.map((cell) => ({ ...cell, sites: 0, phones: null, held: null })),
  };
}

/** As the month after the one whose phones for a site are given. */
export function publishDraw(
  period: NoisedPeriod,
  before: { period: NoisedPeriod; published: Published } | undefined,
): Published {
  return publish({ period, approved: () => true, before });
}

export type { PhonesPerSite };
