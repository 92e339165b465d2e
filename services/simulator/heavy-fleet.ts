import type { Period } from '../../schemas/period.ts';
import { CATEGORIES, type Category } from '../../schemas/report.ts';
import { Random } from './random.ts';

/** A site of a fleet that is made for measuring releases: catalogue names at once, one report. */
export interface HeavySite {
  readonly token: Uint8Array;
  readonly period: Period;
  readonly sequence: 1;
  readonly platform: string;
  readonly models: readonly {
    readonly view: 'model';
    readonly category: Category;
    readonly vendor: string;
    readonly model: string;
    readonly count: number;
  }[];
  readonly withdraw: false;
}

export interface HeavyFleetOptions {
  readonly sites: number;
  readonly seed: number;
  /** Zipf's exponent of the phone models' shares: 0.8 has a long tail, 1.2 a short one. */
  readonly zipf: number;
  readonly period: Period;
}

/** Phones of a site: half have fewer than the median, and four in a thousand have hundreds or thousands. */
const MEDIAN_PHONES = 12;
const PHONES_SIGMA = 1.25;
const LARGE_SITES = 0.004;
const LARGE_FROM = 500;
const LARGE_TO = 3_000;

const PHONE_MODELS = 300;
const MAKERS = 24;
/** Listed beside what anybody has: names that only noise could publish. */
const UNUSED_MODELS = 1_471;
const UNUSED_MAKERS = 42;
const PLATFORMS = 103;
const USED_PLATFORMS = 18;

interface Kind {
  readonly category: Category;
  readonly names: number;
  /** Listed besides; all of an endpoint's kinds are counted together. */
  readonly unused: number;
  readonly zipf: number;
  /** Of the sites; and so many models at most of those that have any. */
  readonly share: number;
  readonly most: number;
}

const OTHER_KINDS: readonly Kind[] = [
  { category: 'dect', names: 56, unused: 2_512, zipf: 1, share: 0.25, most: 3 },
  { category: 'ata', names: 51, unused: 0, zipf: 1, share: 0.3, most: 2 },
  { category: 'gateway', names: 167, unused: 0, zipf: 0.9, share: 0.25, most: 2 },
  { category: 'headset', names: 20, unused: 0, zipf: 1, share: 0.15, most: 3 },
  { category: 'softphone', names: 74, unused: 0, zipf: 1.1, share: 0.3, most: 3 },
  { category: 'doorphone', names: 83, unused: 0, zipf: 0.9, share: 0.15, most: 2 },
  { category: 'pci', names: 225, unused: 178, zipf: 1, share: 0.2, most: 2 },
  { category: 'nic', names: 60, unused: 517, zipf: 1, share: 0.95, most: 2 },
  { category: 'cpu', names: 78, unused: 3_061, zipf: 0.8, share: 0.95, most: 1 },
  { category: 'memory', names: 16, unused: 0, zipf: 0.7, share: 0.95, most: 1 },
  { category: 'board', names: 40, unused: 4_908, zipf: 0.9, share: 0.5, most: 1 },
];

interface PhoneModel {
  readonly vendor: string;
  readonly model: string;
}

const makerName = (i: number) => `Maker ${i + 1}`;
const platformName = (i: number) => `System ${i + 1}`;
const otherName = (category: Category, i: number) => ({
  category,
  vendor: `Vendor ${(i % 17) + 1}`,
  model: `${category} ${i + 1}`,
});

/** The leading makers have most models, popular and rare ones. */
function phoneModels(): PhoneModel[] {
  const random = new Random(7, 7);
  const makers = new Shares(MAKERS, 1);
  return Array.from({ length: PHONE_MODELS }, (_, i) => ({
    // Every maker has one.
    vendor: makerName(i < MAKERS ? i : makers.draw(random)),
    model: `Phone ${i + 1}`,
  }));
}

/** The public list of the fleet's period. */
export function heavyNames(): { platforms: string[]; models: (PhoneModel & { readonly category: Category })[] } {
  const phones = phoneModels().map((phone) => ({ category: 'phone' as const, ...phone }));
  const unused = Array.from({ length: UNUSED_MODELS }, (_, i) => ({
    ...{ category: 'phone' as const, vendor: makerName(MAKERS + (i % UNUSED_MAKERS)), model: `Unused ${i + 1}` },
  }));
  const others = OTHER_KINDS.flatMap(({ category, names, unused: more }) =>
    Array.from({ length: names + more }, (_, i) => otherName(category, i)),
  );
  return {
    platforms: Array.from({ length: PLATFORMS }, (_, i) => platformName(i)),
    models: [...phones, ...unused, ...others].filter(({ category }) => CATEGORIES.includes(category)),
  };
}

/** The sites of a fleet with heavy tails, one after the other: the same options give the same sites. */
export function* heavyFleet({ sites, seed, zipf, period }: HeavyFleetOptions): Generator<HeavySite> {
  const phones = phoneModels();
  const shares = { phones: new Shares(PHONE_MODELS, zipf), platforms: new Shares(USED_PLATFORMS, 1) };
  const otherKinds = OTHER_KINDS.map((kind) => ({ kind, shares: new Shares(kind.names, kind.zipf) }));
  for (let id = 0; id < sites; id++) {
    const random = new Random(seed, id, 99);
    const count = phonesOf(random);
    const kinds = Math.min(random.int(1, 2) + Math.floor(Math.log10(count + 1)), count);
    const owned = new Map<number, number>();
    // Nearly half of the sites have a few of something else besides: what was there before, or somebody's own.
    const others = random.chance(0.55) ? [] : random.split(Math.floor(count * 0.4 * random.unit()), random.int(1, 3));
    const most = count - others.reduce((sum, part) => sum + part, 0);
    for (const part of [...random.split(most, kinds), ...others]) {
      const which = shares.phones.draw(random);
      owned.set(which, (owned.get(which) ?? 0) + part);
    }
    const models: HeavySite['models'][number][] = [...owned].map(([which, n]) => {
      return { view: 'model', category: 'phone', ...(phones[which] as PhoneModel), count: n };
    });
    for (const { kind, shares: own } of otherKinds) {
      if (!random.chance(kind.share)) continue;
      const chosen = new Set(Array.from({ length: random.int(1, kind.most) }, () => own.draw(random)));
      for (const i of chosen) models.push({ view: 'model', ...otherName(kind.category, i), count: random.int(1, 4) });
    }
    const platform = platformName(shares.platforms.draw(random));
    yield { token: Buffer.from(random.token()), period, sequence: 1, platform, models, withdraw: false };
  }
}

function phonesOf(random: Random): number {
  if (random.chance(LARGE_SITES)) return Math.round(LARGE_FROM * (LARGE_TO / LARGE_FROM) ** random.unit());
  return Math.min(LARGE_FROM, Math.max(1, Math.round(random.logNormal(MEDIAN_PHONES, PHONES_SIGMA))));
}

/** Numbers from 0, the lower the likelier: Zipf's law. */
class Shares {
  readonly #upTo: Float64Array;

  constructor(names: number, exponent: number) {
    this.#upTo = new Float64Array(names);
    let sum = 0;
    for (let i = 0; i < names; i++) this.#upTo[i] = sum += (i + 1) ** -exponent;
  }

  draw(random: Random): number {
    const at = random.unit() * (this.#upTo.at(-1) ?? 0);
    let [low, high] = [0, this.#upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#upTo[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
