import { fileURLToPath } from 'node:url';
import { Random } from '../services/simulator/random.ts';

// How to show devices of a cell while its month is open: node dist/bench/open-devices.js
//
// An attacker invents every site of a cell but one, knows what its own sites say, and asks how many devices the one has.
// A number is shown anew when the cell's sites have moved by ten; the attacker may say other counts each time.

const CAP = 1_000;
const TRIALS = 400;
const STEP = 10;

/** What is shown of a cell of so many devices. */
export interface Scheme {
  readonly name: string;
  /** Fewest sites of a cell whose devices are shown. */
  readonly from: number;
  shown(devices: number, random: Random): number;
  /** The grid at such a size: what an attacker who varies its own counts looks for the edges of. */
  grid(devices: number): number;
}

const onGrid = (grid: (devices: number) => number) => (devices: number) =>
  Math.round(devices / grid(devices)) * grid(devices);
const eighth = (devices: number) => 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, devices) / 8)));
const noised = (sd: number) => (devices: number, random: Random) =>
  Math.round((devices + sd * normal(random)) / 10) * 10;

export const SCHEMES: readonly Scheme[] = [
  { name: 'exact from 10 sites on (before)', from: 10, shown: (devices) => devices, grid: () => 1 },
  { name: 'exact from 30 sites on', from: 30, shown: (devices) => devices, grid: () => 1 },
  { name: "grid of the cell's size (an eighth)", from: 30, shown: onGrid(eighth), grid: eighth },
  { name: 'grid of the cap', from: 30, shown: onGrid(() => CAP), grid: () => CAP },
  { name: "noise, a quarter of the cap's size", from: 30, shown: noised(CAP / 4), grid: () => 1 },
  { name: "noise of the cap's size (chosen)", from: 30, shown: noised(CAP), grid: () => 1 },
];

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}

/** Phones of one model at one site: most have a dozen, few have hundreds. */
function victim(random: Random): number {
  return Math.min(CAP, Math.max(1, Math.round(random.logNormal(12, 1.25))));
}

/** How far off the attacker is, who may invent so many sites; null when the number is not shown to it. */
export function attacked(scheme: Scheme, invented: number, random: Random, devices: number): number | null {
  const looks = Math.floor((invented + 1 - scheme.from) / STEP) + 1;
  if (looks < 1) return null;
  const isGrid = scheme.shown(CAP / 2 + 137, new Random(1, 1)) === scheme.shown(CAP / 2 + 137, new Random(2, 2));
  return isGrid ? bySearch(scheme, looks, devices) : byMean(scheme, looks, random, devices);
}

/** Noise: the mean of what is seen, without the attacker's own, within what a site can have. */
function byMean(scheme: Scheme, looks: number, random: Random, devices: number): number {
  const own = 2 * CAP;
  let sum = 0;
  for (let look = 0; look < looks; look++) sum += scheme.shown(own + devices, random) - own;
  return Math.abs(Math.min(CAP, Math.max(1, sum / looks)) - devices);
}

/** Grids: own counts are chosen so that an edge of the grid halves what is still possible. */
function bySearch(scheme: Scheme, looks: number, devices: number): number {
  let [low, high] = [1, CAP];
  let own = scheme.from - 1;
  for (let look = 0; look < looks && low < high; look++) {
    const seen = scheme.shown(own + devices, new Random(1, look));
    const fits = (value: number) => scheme.shown(own + value, new Random(1, look)) === seen;
    const possible = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter(fits);
    [low, high] = [possible[0] ?? low, possible.at(-1) ?? high];
    const grid = scheme.grid(scheme.from + (low + high) / 2);
    own = scheme.from - 1 + ((Math.round((grid * 1.5 - (low + high) / 2) % grid) + grid) % grid);
  }
  return Math.abs((low + high) / 2 - devices);
}

/** Root of the mean squared error of the attacker; of one who knows nothing but how many sites usually have. */
export function errorOf(scheme: Scheme, invented: number): number | null {
  const random = new Random(5, invented);
  let sum = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const off = attacked(scheme, invented, random, victim(random));
    if (off === null) return null;
    sum += off ** 2;
  }
  return Math.sqrt(sum / TRIALS);
}

export function blindError(): number {
  const random = new Random(5, 1);
  const all = Array.from({ length: 20_000 }, () => victim(random));
  const mean = all.reduce((sum, n) => sum + n, 0) / all.length;
  return Math.sqrt(all.reduce((sum, n) => sum + (n - mean) ** 2, 0) / all.length);
}

/** By how much a number of an honest cell is off, in the middle of many. */
function offOf(scheme: Scheme, sites: number): string {
  if (sites < scheme.from) return 'not shown';
  const random = new Random(6, sites);
  const off = Array.from({ length: 200 }, () => {
    let devices = 0;
    for (let site = 0; site < sites; site++) devices += victim(random);
    return Math.abs(scheme.shown(devices, random) - devices) / devices;
  }).sort((a, b) => a - b);
  return `${(100 * (off[100] ?? 0)).toFixed(1)} %`;
}

const INVENTED = [9, 29, 109, 219] as const;
const HONEST = [30, 100, 300, 1_000] as const;

export function openDevicesTable(): string {
  const rows = SCHEMES.map((scheme) => {
    const errors = INVENTED.map((invented) => errorOf(scheme, invented));
    return [
      scheme.name,
      ...errors.map((off) => off?.toFixed(0) ?? 'not shown'),
      ...HONEST.map((n) => offOf(scheme, n)),
    ];
  });
  const head = [
    `how devices are shown`,
    ...INVENTED.map((n) => `off, ${n} invented`),
    ...HONEST.map((n) => `honest, ${n} sites`),
  ];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${openDevicesTable()}\nwithout looking: ${blindError().toFixed(0)}\n`);
