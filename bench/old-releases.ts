import type { HeavySite } from '../services/simulator/heavy-fleet.ts';
import type { Random } from '../services/simulator/random.ts';

/**
 * Releases as they were made until November 2026, to be measured beside today's: eight phone models of a site, fifty
 * phones of each; a cell is published from ten exact sites and 10 + 6 s noised ones on, its phones from 4 s; a maker's
 * phones are the sum of its published models, the fleet's the sum of the makers'; no models under a sample of 1,000.
 */
export interface OldNumber {
  readonly value: number;
  readonly margin: number;
}

export interface OldRelease {
  /** By `vendor|model`. */
  readonly sites: ReadonlyMap<string, OldNumber>;
  readonly phones: ReadonlyMap<string, OldNumber>;
  readonly vendors: ReadonlyMap<string, OldNumber>;
  readonly total: OldNumber | null;
}

const MOST_MODELS = 8;
const MOST_PHONES = 50;
const SITES_VARIANCE = 64;
const PHONES_VARIANCE = 160_000;

export class OldSums {
  readonly #cells: Map<string, { readonly sites: number; readonly phones: number }>;
  #sites: number;

  constructor(cells = new Map<string, { readonly sites: number; readonly phones: number }>(), sites = 0) {
    this.#cells = cells;
    this.#sites = sites;
  }

  /** A month in which the sites of some cells moved, by the cell. */
  moved(sitesOf: (key: string, sites: number) => number): OldSums {
    const cells = [...this.#cells].map(([key, cell]) => [key, { ...cell, sites: sitesOf(key, cell.sites) }] as const);
    return new OldSums(new Map(cells), this.#sites);
  }

  add({ models }: HeavySite): void {
    this.#sites++;
    const phones = models.filter(({ category }) => category === 'phone');
    for (const { vendor, model, count } of phones.toSorted((a, b) => b.count - a.count).slice(0, MOST_MODELS)) {
      const key = `${vendor}|${model}`;
      const known = this.#cells.get(key) ?? { sites: 0, phones: 0 };
      this.#cells.set(key, { sites: known.sites + 1, phones: known.phones + Math.min(count, MOST_PHONES) });
    }
  }

  release(random: Random): OldRelease {
    const sites = new Map<string, OldNumber>();
    const phones = new Map<string, OldNumber>();
    const makers = new Map<string, OldNumber[]>();
    for (const [key, exact] of this.#sites < 1_000 ? [] : this.#cells) {
      const noised = exact.sites + gaussian(SITES_VARIANCE, random);
      const noisedPhones = exact.phones + gaussian(PHONES_VARIANCE, random);
      if (exact.sites < 10 || noised < 10 + 6 * Math.sqrt(SITES_VARIANCE)) continue;
      sites.set(key, { value: 5 * Math.round(noised / 5), margin: marginOf(SITES_VARIANCE, 5, 1) });
      if (noisedPhones < 4 * Math.sqrt(PHONES_VARIANCE)) continue;
      const number = { value: 50 * Math.round(noisedPhones / 50), margin: marginOf(PHONES_VARIANCE, 50, 1) };
      phones.set(key, number);
      const vendor = key.slice(0, key.indexOf('|'));
      makers.set(vendor, [...(makers.get(vendor) ?? []), number]);
    }
    const sum = (numbers: readonly OldNumber[]): OldNumber => ({
      value: numbers.reduce((total, { value }) => total + value, 0),
      margin: marginOf(PHONES_VARIANCE, 50, numbers.length),
    });
    return {
      ...{ sites, phones },
      vendors: new Map([...makers].map(([vendor, numbers]) => [vendor, sum(numbers)])),
      total: phones.size === 0 ? null : sum([...phones.values()]),
    };
  }
}

/** What was said to have moved: published numbers that differ by 1.96 deviations and more than a step, each for itself. */
export function oldArrows(before: OldRelease, now: OldRelease): Record<'sites' | 'phones', Map<string, 'up' | 'down'>> {
  const between = (of: 'sites' | 'phones', variance: number, step: number) =>
    new Map(
      [...now[of]].flatMap(([key, { value }]) => {
        const difference = value - (before[of].get(key)?.value ?? value);
        const size = Math.abs(difference);
        if (size <= step || size < 1.96 * Math.sqrt(2 * variance)) return [];
        return [[key, difference > 0 ? 'up' : 'down'] as const];
      }),
    );
  return { sites: between('sites', SITES_VARIANCE, 5), phones: between('phones', PHONES_VARIANCE, 50) };
}

function marginOf(variance: number, step: number, terms: number): number {
  return Math.ceil(1.96 * Math.sqrt(variance * terms) + (terms * step) / 2);
}

/** Continuous: what the whole-number sampler does is tested elsewhere, and this is only to compare with. */
function gaussian(variance: number, random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.unit()));
  return Math.round(Math.sqrt(variance) * radius * Math.cos(2 * Math.PI * random.unit()));
}
