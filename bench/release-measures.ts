import { hash } from 'node:crypto';
import type { QueryName } from '../schemas/release.ts';
import { cellKey } from '../services/core/release-cell.ts';
import { arrowsBetween } from '../services/releases/numbers/change.ts';
import type { Published } from '../services/releases/numbers/published.ts';
import type { NoisedPeriod } from '../services/releases/numbers/shown.ts';
import type { Random } from '../services/simulator/random.ts';
import { median } from './compare.ts';
import { type OldRelease, oldArrows } from './old-releases.ts';
import { type CountedFleet, publishDraw } from './release-fleets.ts';

/** Errors of printed numbers, each with whether its margin holds the truth. */
export class Errors {
  readonly #of: { readonly off: number; readonly truth: number; readonly held: boolean }[] = [];

  add(value: number, margin: number, truth: number): void {
    this.#of.push({ off: Math.abs(value - truth), truth, held: Math.abs(value - truth) <= margin });
  }

  get count(): number {
    return this.#of.length;
  }

  get within(): number {
    return this.#of.filter(({ held }) => held).length / this.#of.length;
  }

  toString(): string {
    if (this.#of.length === 0) return '-';
    const relative = median(this.#of.map(({ off, truth }) => off / Math.max(1, truth)));
    return `${(relative * 100).toFixed(1)} %, ${(this.within * 100).toFixed(1)} %`;
  }
}

export interface Measured {
  readonly models: number[];
  /** Share of the pairs of a site and a phone model that it has whose model is released. */
  readonly covered: number[];
  readonly sites: Errors;
  readonly phones: Errors;
  readonly vendors: Errors;
  readonly total: Errors;
}

const nothing = (): Measured => ({
  ...{ models: [], covered: [], sites: new Errors(), phones: new Errors(), vendors: new Errors(), total: new Errors() },
});

/** Errors by `QUERY` and `QUERY phones`. */
export type Pooled = Map<string, Errors>;

/** The releases of these months, one after the other. Truth is what a number's label names: phones under the caps, models among a site's six most frequent. */
export function measureNew(fleet: CountedFleet, draws: readonly NoisedPeriod[], pooled: Pooled): Measured {
  const found = nothing();
  const truth = new Map(fleet.sums.map((sum) => [cellKey(sum), sum]));
  let before: { period: NoisedPeriod; published: Published } | undefined;
  for (const period of draws) {
    const published = publishDraw(period, before);
    // The first month has no phones for a site to go by but the built-in ones: it is measured like the others.
    before = { period, published };
    const models = published.cells.filter(({ query }) => query === 'phone_model');
    found.models.push(models.length);
    found.covered.push(
      coveredBy(
        models.map(({ vendor, model }) => `${vendor}|${model}`),
        fleet,
      ),
    );
    for (const cell of published.cells) {
      const exact = truth.get(cellKey(cell)) ?? { sites: 0, phones: 0 };
      errorsOf(pooled, cell.query).add(cell.sites, cell.sitesMargin, exact.sites);
      if (cell.query !== 'all' && cell.query !== 'at_cap') found.sites.add(cell.sites, cell.sitesMargin, exact.sites);
      if (cell.phones === null || cell.phonesMargin === null) continue;
      errorsOf(pooled, `${cell.query} phones`).add(cell.phones, cell.phonesMargin, exact.phones);
      byQuery(found, cell.query).add(cell.phones, cell.phonesMargin, exact.phones);
    }
  }
  return found;
}

function errorsOf(pooled: Pooled, name: string): Errors {
  const errors = pooled.get(name) ?? new Errors();
  pooled.set(name, errors);
  return errors;
}

function byQuery({ phones, vendors, total }: Measured, query: QueryName): Errors {
  return query === 'all' ? total : query === 'phone_vendor' ? vendors : phones;
}

function coveredBy(models: readonly string[], { haveIt }: CountedFleet): number {
  const sum = (keys: Iterable<string>) => [...keys].reduce((total, key) => total + (haveIt.get(key) ?? 0), 0);
  return sum(models) / sum(haveIt.keys());
}

/** Of the releases of before the truth is what their label said: phones, without a cap. */
export function measureOld(fleet: CountedFleet, releases: readonly OldRelease[]): Measured {
  const found = nothing();
  for (const release of releases) {
    found.models.push(release.sites.size);
    found.covered.push(coveredBy([...release.sites.keys()], fleet));
    for (const [key, { value, margin }] of release.sites) found.sites.add(value, margin, fleet.haveIt.get(key) ?? 0);
    for (const [key, { value, margin }] of release.phones) found.phones.add(value, margin, fleet.phones.get(key) ?? 0);
    for (const [key, { value, margin }] of release.vendors)
      found.vendors.add(value, margin, fleet.phones.get(key) ?? 0);
    if (release.total) found.total.add(release.total.value, release.total.margin, fleet.phones.get('') ?? 0);
  }
  return found;
}

export interface ArrowCounts {
  /** Months of a fleet in which nothing moved, and those of them with any arrow. */
  readonly months: number;
  readonly stillWithArrows: number;
  /** Arrows of months in which a tenth of the cells moved by a fifth, and those of them that are false. */
  readonly arrows: number;
  readonly wrong: number;
  /** Phone models of 180 to 220 sites among what moved, and those of them with their arrow. */
  readonly moved: number;
  readonly found: number;
}

export const NO_ARROWS: ArrowCounts = { months: 0, stillWithArrows: 0, arrows: 0, wrong: 0, moved: 0, found: 0 };

export function plus(a: ArrowCounts, b: ArrowCounts): ArrowCounts {
  const sum = (key: keyof ArrowCounts) => a[key] + b[key];
  return {
    ...{ months: sum('months'), stillWithArrows: sum('stillWithArrows') },
    ...{ arrows: sum('arrows'), wrong: sum('wrong'), moved: sum('moved'), found: sum('found') },
  };
}

/** Share of the cells that move in a mixed month, and by how much. */
const MOVING = 0.1;
const MOVE = 0.2;

type Direction = 'up' | 'down';
interface Moves {
  readonly sums: CountedFleet['sums'];
  /** By the cell: where its sites went, and how many they were. */
  readonly moving: ReadonlyMap<string, { readonly direction: Direction; readonly sites: number }>;
}

/** A month in which a tenth of the cells moved by a fifth. */
export function movedSums({ sums }: Pick<CountedFleet, 'sums'>, word: string): Moves {
  const moving = new Map<string, { readonly direction: Direction; readonly sites: number }>();
  const moved = sums.map((sum) => {
    const chance = Number.parseInt(hash('sha256', `${word} ${cellKey(sum)}`).slice(0, 8), 16) / 2 ** 32;
    if (chance >= MOVING || sum.query === 'all' || sum.sites < 20) return sum;
    const direction = chance < MOVING / 2 ? 'up' : 'down';
    moving.set(cellKey(sum), { direction, sites: sum.sites });
    return { ...sum, sites: Math.round(sum.sites * (direction === 'up' ? 1 + MOVE : 1 - MOVE)) };
  });
  return { sums: moved, moving };
}

/** Pairs of months: of one fleet twice, and of one that then moved. */
export function measureArrows(
  fleet: CountedFleet,
  draws: readonly NoisedPeriod[],
  draw: (sums: CountedFleet['sums'], pair: number) => NoisedPeriod,
  word: string,
): ArrowCounts {
  let counts = NO_ARROWS;
  for (let i = 0; i + 1 < draws.length; i += 2) {
    const [before, after] = [draws[i] as NoisedPeriod, draws[i + 1] as NoisedPeriod];
    const { sums, moving } = movedSums(fleet, `${word} ${i}`);
    const mixed = arrowsBetween(before, draw(sums, i));
    counts = plus(counts, judged(arrowsBetween(before, after), mixed.sites, moving));
  }
  return counts;
}

/** The same of releases as they were before, which is of phone models alone: the fewest arrows that they had. */
export function measureOldArrows(fleet: CountedFleet, pairs: number, next: () => Random): ArrowCounts {
  let counts = NO_ARROWS;
  for (let i = 0; i < pairs; i++) {
    const { sums, moving } = movedSums(fleet, `old ${i}`);
    const models = sums.filter(({ query }) => query === 'phone_model');
    const keyOf = new Map(models.map((sum) => [`${sum.vendor}|${sum.model}`, cellKey(sum)]));
    const ofModels = new Map([...keyOf].flatMap(([key, cell]) => (moving.has(cell) ? [[key, moving.get(cell)!]] : [])));
    const factor = (key: string) => {
      const direction = ofModels.get(key)?.direction;
      return direction === undefined ? 1 : direction === 'up' ? 1 + MOVE : 1 - MOVE;
    };
    const before = fleet.old.release(next());
    const moved = fleet.old.moved((key, sites) => Math.round(sites * factor(key)));
    const mixed = oldArrows(before, moved.release(next()));
    counts = plus(counts, judged(oldArrows(before, fleet.old.release(next())), mixed.sites, ofModels));
  }
  return counts;
}

function judged(
  still: { readonly sites: ReadonlyMap<string, Direction>; readonly phones: ReadonlyMap<string, Direction> },
  mixed: ReadonlyMap<string, Direction>,
  moving: Moves['moving'],
): ArrowCounts {
  const wrong = [...mixed].filter(([key, direction]) => moving.get(key)?.direction !== direction);
  const ofModels = (key: string) => key.startsWith('["phone_model"') || key.includes('|');
  const moved = [...moving].filter(([key, { sites }]) => ofModels(key) && sites >= 180 && sites <= 220);
  return {
    ...{ months: 1, stillWithArrows: still.sites.size + still.phones.size > 0 ? 1 : 0 },
    ...{ arrows: mixed.size, wrong: wrong.length },
    ...{ moved: moved.length, found: moved.filter(([key]) => mixed.has(key)).length },
  };
}
