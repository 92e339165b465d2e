import { hash } from 'node:crypto';
import type { QueryName } from '../schemas/release.ts';
import { cellKey } from '../services/core/release-cell.ts';
import { arrowsBetween } from '../services/releases/numbers/change.ts';
import type { Published } from '../services/releases/numbers/published.ts';
import type { NoisedPeriod } from '../services/releases/numbers/shown.ts';
import { Random } from '../services/simulator/random.ts';
import { median, print } from './compare.ts';
import { type CountedFleet, countFleet, drawNoise, publishDraw } from './release-fleets.ts';

// What releases hold of fleets with heavy tails, and how true it is: today's beside those of before. Truth is what a
// number's label names: phones under the caps, models among a site's six most frequent. Of the releases of before it is
// what their label said: phones. `node dist/bench/release-coverage.js SEED DRAWS SITES...`
const SEED = Number(process.argv[2] ?? 4711);
const DRAWS = Number(process.argv[3] ?? 12);
const FLEETS =
  process.argv.length > 4 ? process.argv.slice(4).map(Number) : [300, 1_000, 2_000, 5_000, 20_000, 100_000];
const TAILS = [0.8, 1, 1.2];

/** Errors of printed numbers, each with whether its margin holds the truth. */
class Errors {
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

interface Measured {
  readonly models: number[];
  readonly covered: number[];
  readonly sites: Errors;
  readonly phones: Errors;
  readonly vendors: Errors;
  readonly total: Errors;
}

const nothing = (): Measured => ({
  ...{ models: [], covered: [], sites: new Errors(), phones: new Errors(), vendors: new Errors(), total: new Errors() },
});

/** Within margin by query, over every fleet: what the issue asks 94 % of. */
const pooled = new Map<string, Errors>();

function measureNew(fleet: CountedFleet, draws: readonly NoisedPeriod[]): Measured {
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
      errorsOf(`${fleet.sites} ${cell.query}`).add(cell.sites, cell.sitesMargin, exact.sites);
      if (cell.query !== 'all' && cell.query !== 'at_cap') found.sites.add(cell.sites, cell.sitesMargin, exact.sites);
      if (cell.phones === null || cell.phonesMargin === null) continue;
      errorsOf(`${fleet.sites} ${cell.query} phones`).add(cell.phones, cell.phonesMargin, exact.phones);
      byQuery(found, cell.query).add(cell.phones, cell.phonesMargin, exact.phones);
    }
  }
  return found;
}

function errorsOf(name: string): Errors {
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

function measureOld(fleet: CountedFleet): Measured {
  const found = nothing();
  for (let draw = 0; draw < DRAWS; draw++) {
    const release = fleet.old.release(new Random(SEED, fleet.sites, draw));
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

interface ArrowCounts {
  still: number;
  months: number;
  arrows: number;
  wrong: number;
  moved: number;
  found: number;
}

/** Share of the cells that move in a mixed month, and by how much. */
const MOVING = 0.1;
const MOVE = 0.2;

/** Pairs of months: of one fleet twice, and of one in which a tenth of the cells moved by a fifth. */
function measureArrows(fleet: CountedFleet, draws: readonly NoisedPeriod[]): ArrowCounts {
  const counts = { still: 0, months: 0, arrows: 0, wrong: 0, moved: 0, found: 0 };
  for (let i = 0; i + 1 < draws.length; i += 2) {
    const before = draws[i] as NoisedPeriod;
    const { sites, phones } = arrowsBetween(before, draws[i + 1] as NoisedPeriod);
    counts.months++;
    if (sites.size + phones.size > 0) counts.still++;
    const { sums, moving } = movedSums(fleet, i);
    const mixed = arrowsBetween(before, drawNoise(fleet, sums, `mixed ${SEED} ${fleet.sites} ${i}`));
    for (const [key, direction] of mixed.sites) {
      counts.arrows++;
      if (moving.get(key)?.direction !== direction) counts.wrong++;
    }
    for (const [key, { sites: of }] of moving) {
      if (!key.startsWith('["phone_model"') || of < 180 || of > 220) continue;
      counts.moved++;
      if (mixed.sites.has(key)) counts.found++;
    }
  }
  return counts;
}

function movedSums({ sums }: CountedFleet, draw: number) {
  const moving = new Map<string, { readonly direction: 'up' | 'down'; readonly sites: number }>();
  const moved = sums.map((sum) => {
    const word = hash('sha256', `${SEED} ${draw} ${cellKey(sum)}`);
    const chance = Number.parseInt(word.slice(0, 8), 16) / 2 ** 32;
    if (chance >= MOVING || sum.query === 'all' || sum.sites < 20) return sum;
    const up = chance < MOVING / 2;
    moving.set(cellKey(sum), { direction: up ? 'up' : 'down', sites: sum.sites });
    return { ...sum, sites: Math.round(sum.sites * (up ? 1 + MOVE : 1 - MOVE)) };
  });
  return { sums: moved, moving };
}

function row(fleet: CountedFleet, tail: number, name: string, measured: Measured): string {
  const { models, covered, sites, phones, vendors, total } = measured;
  const cells = [
    ...[fleet.sites.toLocaleString('en'), String(tail), name, `${median(models)} of ${fleet.haveIt.size}`],
    ...[`${(median(covered) * 100).toFixed(1)} %`, String(sites), String(phones), String(vendors), String(total)],
  ];
  return `| ${cells.join(' | ')} |`;
}

const HEADINGS = [
  'sites',
  'tail',
  'releases',
  'phone models',
  'site-model pairs',
  'sites',
  'phones by model',
  'by maker',
  'all phones',
];
print('Error (median) and share within margin, of what each label names.\n');
print(`| ${HEADINGS.join(' | ')} |`);
print(`|${' --- |'.repeat(HEADINGS.length)}`);
const arrows: string[] = [];
const all = { still: 0, months: 0, arrows: 0, wrong: 0, moved: 0, found: 0 };
for (const sites of FLEETS)
  for (const tail of TAILS) {
    const fleet = countFleet(sites, tail, SEED);
    const draws = Array.from({ length: DRAWS }, (_, i) =>
      drawNoise(fleet, fleet.sums, `${SEED} ${sites} ${tail} ${i}`),
    );
    print(row(fleet, tail, 'before', measureOld(fleet)));
    print(row(fleet, tail, `cap ${fleet.cap}`, measureNew(fleet, draws)));
    const counts = measureArrows(fleet, draws);
    for (const key of Object.keys(all) as (keyof ArrowCounts)[]) all[key] += counts[key];
    arrows.push(`${sites} ${tail}: ${JSON.stringify(counts)}`);
  }
print(`\nArrows: ${JSON.stringify(all)}\n${arrows.join('\n')}\n`);
for (const [name, errors] of pooled) print(`${name}: ${errors.count} numbers, ${errors}`);
