import { hash } from 'node:crypto';
import type { CubeRow } from '../schemas/cube.ts';
import type { Fact } from '../schemas/fact.ts';
import type { Period } from '../schemas/period.ts';
import type { BoundedRow, NoisedCell } from '../schemas/release.ts';
import { addMonths, parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import type { Identifier } from '../services/identify/identity.ts';
import { breakApart } from '../services/ingest/break-apart.ts';
import { identifyLines } from '../services/ingest/identify-lines.ts';
import { holdJumps } from '../services/releases/numbers/held.ts';
import { noiseCube } from '../services/releases/numbers/noise.ts';
import { publish } from '../services/releases/numbers/publish.ts';
import type { Published, PublishedCell } from '../services/releases/numbers/published.ts';
import { isOfModels, queryNamed, queryOf } from '../services/releases/numbers/queries.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';
import { compareCubes } from '../services/simulator/compare-cubes.ts';
import { Fleet } from '../services/simulator/fleet-month.ts';
import { cellKey } from '../services/simulator/oracle.ts';
import { reportOf, type Sent } from '../services/simulator/site-month.ts';
import { median, print } from './compare.ts';
import { type Deviation, deviation, errorOf, holding, percent } from './deviation.ts';

// What noise and gates leave of a simulated fleet. Truth is the simulator's own tally, which knows no bounds; what goes
// into the release went through ingest's code. `node dist/bench/release-coverage.js SEED SITES...`
const SEED = Number(process.argv[2] ?? 4711);
const FLEETS = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [1_000, 5_000, 20_000, 100_000];
const MONTHS = 3;
const FIRST = parsePeriod('2026-11');
const THRESHOLD = 10;

interface Coverage {
  readonly phoneModels: number;
  readonly released: number;
  /** Share of pairs of a site and a phone model whose model is released. */
  readonly covered: number;
  readonly modelCells: number;
  readonly modelCellsReleased: number;
  readonly held: number;
  readonly sites: readonly Deviation[];
  readonly phones: readonly Deviation[];
}

function measureFleet(sites: number, identifier: Identifier): Coverage[] {
  const fleet = new Fleet({ sites, months: MONTHS, seed: SEED });
  const coverages: Coverage[] = [];
  let earlier: { cells: NoisedCell[]; published: Published } | undefined;
  for (let month = 0; month < MONTHS; month++) {
    const period = addMonths(FIRST, month);
    const { postings, tally } = fleet.nextMonth(period, identifier);
    const rows = frozenRows(lastOfEachSite(postings.map(({ sent }) => sent)), identifier);
    if (compareCubes(tally, rows, 1).length > 0) throw new Error('what was frozen is not what the simulator counted');
    const gated = noiseCube({ period, profile: 'noised', key: keyOf(sites, period), threshold: THRESHOLD, rows });
    const cells = holdJumps(gated, earlier?.cells, THRESHOLD);
    // The reviewer lets pass what was held: it is counted, but not taken away.
    const published = publish(cells, { profile: 'noised', approved: () => true, before: earlier?.published });
    earlier = { cells, published };
    coverages.push(coverageOf(published, cells.filter(({ held }) => held).length, tally, rows));
  }
  return coverages;
}

/** Any key would do; this one gives the same table again. */
function keyOf(sites: number, period: Period) {
  const word = (name: string) => hash('sha256', `${name} ${SEED} ${sites} ${period}`);
  return { key: word('key'), digest: word('digest') };
}

/** A report repeats what its token ever said, with count 0 what is gone: the last one holds for the whole month. */
function lastOfEachSite(reports: readonly Sent[]): Sent[] {
  const last = new Map<string, Sent>();
  for (const sent of reports) if (sent.sequence > (last.get(sent.token)?.sequence ?? 0)) last.set(sent.token, sent);
  return [...last.values()];
}

type Sums = Map<string, { -readonly [K in keyof BoundedRow]: BoundedRow[K] }>;

function frozenRows(standing: readonly Sent[], identifier: Identifier): BoundedRow[] {
  const rows: Sums = new Map();
  for (const sent of standing) {
    const { token, sequence, platform, devices } = reportOf(sent);
    const { models } = identifyLines(devices, identifier);
    const name = identifier.platform(platform.name, platform.version);
    const site = {
      token: Buffer.from(token),
      period: sent.period,
      sequence,
      platform: name,
      models,
      withdraw: sent.withdraw,
    };
    for (const fact of breakApart(site)) if (fact.count > 0) sum(rows, fact);
  }
  return [...rows.values()];
}

function sum(rows: Sums, fact: Fact): void {
  const key = cellKey(fact);
  let row = rows.get(key);
  if (row === undefined) {
    const { view, platform, category, vendor, model } = fact;
    row = { view, platform, category, vendor, model, sites: 0, devices: 0, boundedSites: 0, boundedDevices: 0 };
    rows.set(key, row);
  }
  row.sites += 1;
  row.devices += fact.count;
  row.boundedSites += Math.min(1, fact.bounded);
  row.boundedDevices += fact.bounded;
}

function coverageOf(
  { cells }: Published,
  held: number,
  tally: readonly CubeRow[],
  rows: readonly BoundedRow[],
): Coverage {
  const truth = new Map(tally.map((row) => [cellKey(row), row]));
  const bounded = new Map(rows.map((row) => [cellKey(row), row]));
  const models = tally.filter((row) => row.view === 'model' && queryOf(row) !== undefined);
  const phones = models.filter(({ category }) => category === 'phone');
  const releasedPhones = cells
    .filter(({ query }) => query === 'phone_model')
    .map((cell) => truth.get(keyOfCell(cell))!);
  const numbers = cells.map((cell) => ({ cell, of: truth.get(keyOfCell(cell))!, in: bounded.get(keyOfCell(cell))! }));
  return {
    phoneModels: phones.length,
    released: releasedPhones.length,
    covered: sitesOf(releasedPhones) / sitesOf(phones),
    modelCells: models.length,
    modelCellsReleased: cells.filter(({ query }) => isOfModels(query)).length,
    held,
    sites: numbers.map(({ cell, of, in: inside }) =>
      deviation(cell.sites, cell.sitesMargin, of.sites, inside.boundedSites),
    ),
    phones: numbers.flatMap(({ cell: { phones, phonesMargin }, of, in: inside }) =>
      phones === null ? [] : [deviation(phones, phonesMargin ?? 0, of.devices, inside.boundedDevices)],
    ),
  };
}

function keyOfCell({ query, platform, category, vendor, model }: PublishedCell): string {
  return cellKey({ view: queryNamed(query).view, platform, category, vendor, model });
}

function sitesOf(rows: readonly CubeRow[]): number {
  return rows.reduce((total, { sites }) => total + sites, 0);
}

const HEADINGS = [
  'sites',
  'month',
  'phone models released',
  'site-model pairs covered',
  'all models released',
  'sites: median error',
  'within margin (bounded)',
  'phones: median error',
  'within margin (bounded)',
  'held',
];

function row(sites: number, label: string, numbers: readonly string[]): string {
  return `| ${[sites.toLocaleString('en'), label, ...numbers].join(' | ')} |`;
}

function numbersOf(coverages: readonly Coverage[]): string[] {
  const middle = (of: (coverage: Coverage) => number) => median(coverages.map(of));
  const { sites, phones } = { sites: coverages.flatMap((c) => c.sites), phones: coverages.flatMap((c) => c.phones) };
  return [
    `${middle(({ released }) => released)} of ${middle(({ phoneModels }) => phoneModels)}`,
    percent(middle(({ covered }) => covered)),
    `${middle(({ modelCellsReleased }) => modelCellsReleased)} of ${middle(({ modelCells }) => modelCells)}`,
    errorOf(sites),
    holding(sites),
    errorOf(phones),
    holding(phones),
    String(middle(({ held }) => held)),
  ];
}

const identifier = buildIdentifier(loadCatalog(), FIRST);
print(`| ${HEADINGS.join(' | ')} |`);
print(`|${' --- |'.repeat(HEADINGS.length)}`);
for (const sites of FLEETS) {
  const coverages = measureFleet(sites, identifier);
  for (const [month, coverage] of coverages.entries())
    print(row(sites, addMonths(FIRST, month), numbersOf([coverage])));
  print(row(sites, 'median', numbersOf(coverages)));
}
