import { Random } from '../services/simulator/random.ts';
import { median, print } from './compare.ts';
import { type CountedFleet, countFleet, drawNoise } from './release-fleets.ts';
import {
  type ArrowCounts,
  type Errors,
  type Measured,
  measureArrows,
  measureNew,
  measureOld,
  measureOldArrows,
  NO_ARROWS,
  type Pooled,
  plus,
} from './release-measures.ts';

// What releases hold of fleets with heavy tails, how true it is and what their arrows are worth: today's beside those of
// before. It prints the tables of METHOD.md. `node dist/bench/release-coverage.js SEED DRAWS SITES...`
const SEED = Number(process.argv[2] ?? 4711);
const DRAWS = Number(process.argv[3] ?? 32);
const FLEETS =
  process.argv.length > 4 ? process.argv.slice(4).map(Number) : [300, 1_000, 2_000, 5_000, 20_000, 100_000];
const TAILS = [0.8, 1, 1.2];

const number = (n: number) => n.toLocaleString('en');
const percent = (part: number, of: number) => (of === 0 ? '-' : `${((100 * part) / of).toFixed(1)} %`);

const share = (part: number, of: number) => (of === 0 ? '-' : `${percent(part, of)} (${part} of ${number(of)})`);

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const ROWS_OF = ['sites', 'tail', 'releases', 'phone models', 'site-model pairs'] as const;
const ERRORS_OF = ['sites', 'phones by model', 'by maker', 'all phones'] as const;

function rowOf(fleet: CountedFleet, tail: number, name: string, measured: Measured): string[] {
  const { models, covered, sites, phones, vendors, total } = measured;
  return [
    ...[number(fleet.sites), String(tail), name, `${median(models)} of ${fleet.haveIt.size}`],
    ...[percent(median(covered), 1), String(sites), String(phones), String(vendors), String(total)],
  ];
}

function arrowRow(sites: number, name: string, counts: ArrowCounts): string[] {
  const { months, stillWithArrows, arrows, wrong, moved, found } = counts;
  return [...[number(sites), name, share(stillWithArrows, months), share(wrong, arrows), share(found, moved)]];
}

const coverage: string[][] = [];
const within = new Map<string, string[]>();
const arrows: string[][] = [];
const all = { before: NO_ARROWS, now: NO_ARROWS };

function measure(sites: number): void {
  const pooled: Pooled = new Map<string, Errors>();
  let [before, now] = [NO_ARROWS, NO_ARROWS];
  for (const tail of TAILS) {
    const fleet = countFleet(sites, tail, SEED);
    const word = `${SEED} ${sites} ${tail}`;
    const draws = Array.from({ length: DRAWS }, (_, i) => drawNoise(fleet, fleet.sums, `${word} ${i}`));
    const released = Array.from({ length: DRAWS }, (_, i) => fleet.old.release(new Random(SEED, sites + tail * 10, i)));
    coverage.push(rowOf(fleet, tail, 'before', measureOld(fleet, released)));
    coverage.push(rowOf(fleet, tail, `now, cap ${fleet.cap}`, measureNew(fleet, draws, pooled)));
    const drawMixed = (sums: CountedFleet['sums'], i: number) => drawNoise(fleet, sums, `mixed ${word} ${i}`);
    now = plus(now, measureArrows(fleet, draws, drawMixed, word));
    let stream = 0;
    const random = () => new Random(SEED + 1, sites + tail * 10, stream++);
    before = plus(before, measureOldArrows(fleet, DRAWS / 2, random));
  }
  for (const [name, errors] of pooled)
    within.set(name, [
      ...(within.get(name) ?? FLEETS.slice(0, FLEETS.indexOf(sites)).map(() => '-')),
      `${percent(errors.within, 1)} of ${number(errors.count)}`,
    ]);
  for (const [name, row] of within) if (row.length <= FLEETS.indexOf(sites)) within.set(name, [...row, '-']);
  arrows.push(arrowRow(sites, 'before', before), arrowRow(sites, 'now', now));
  all.before = plus(all.before, before);
  all.now = plus(all.now, now);
}

for (const sites of FLEETS) {
  measure(sites);
  process.stderr.write(`${sites} sites\n`);
}
arrows.push(['**all**', 'before', ...arrowRow(0, '', all.before).slice(2)]);
arrows.push(['**all**', 'now', ...arrowRow(0, '', all.now).slice(2)]);
print(`${table([...ROWS_OF, ...ERRORS_OF], coverage)}\n`);
print(
  `${table(
    ['within margin', ...FLEETS.map((sites) => `${number(sites)} sites`)],
    [...within].map(([name, row]) => [name, ...row]),
  )}\n`,
);
print(
  table(
    [
      'sites',
      'releases',
      'still months with any arrow',
      'false arrows of mixed months',
      'moves of a fifth at 180 to 220 sites that were found',
    ],
    arrows,
  ),
);
