import { fileURLToPath } from 'node:url';
import type { Period } from '../schemas/period.ts';
import { capsOf, nextCap } from '../services/core/caps.ts';
import { heavyFleet } from '../services/simulator/heavy-fleet.ts';

// What it costs to move a number by 10 % with sites that nobody has: node dist/bench/cost-of-moving.js

const PERIOD = '2026-11' as Period;
const FLEETS = [500, 5_000, 50_000] as const;
/** The model by how many sites have it: popular, and not the first. */
const RANK = 5;
const BY = 0.1;

/** As it was: what one report adds to a model, and no network is counted. */
const BEFORE = { devices: 512 * 10_000, releasePhones: 50 } as const;
/** As it is: the settings' defaults. */
const AFTER = { devices: 1_000, perNetwork: 250, leastMove: 10 } as const;

export interface Cost {
  readonly fleet: number;
  readonly number: string;
  readonly value: number;
  /** Invented sites. */
  readonly before: number;
  readonly after: number;
  /** Networks that so many new sites have to come from; before, one was enough. */
  readonly networks: number;
}

interface Cell {
  sites: number;
  devices: number;
  capped: number;
}

/** The cell of the model at the rank, in a fleet with heavy tails. */
function cellOf(fleet: number, cap: number): Cell {
  const cells = new Map<string, Cell>();
  const caps = capsOf(cap);
  for (const { models } of heavyFleet({ sites: fleet, seed: 11, zipf: 1, period: PERIOD })) {
    const phones = models.filter(({ category }) => category === 'phone').sort((a, b) => b.count - a.count);
    for (const [rank, { model, count }] of phones.entries()) {
      const cell = cells.get(model) ?? { sites: 0, devices: 0, capped: 0 };
      cell.sites++;
      cell.devices += Math.min(AFTER.devices, count);
      cell.capped += Math.min(caps[rank] ?? 0, count);
      cells.set(model, cell);
    }
  }
  return [...cells.values()].sort((a, b) => b.sites - a.sites)[RANK - 1] as Cell;
}

let known: readonly Cost[] | undefined;

/** Worked out once: a fleet of 50,000 takes seconds. */
export function costs(): readonly Cost[] {
  return (known ??= workedOut());
}

function workedOut(): Cost[] {
  return FLEETS.flatMap((fleet) => {
    const cap = nextCap(24, fleet);
    const { sites, devices, capped } = cellOf(fleet, cap);
    const row = (number: string, value: number, before: number, after: number, least = 1): Cost => {
      const tokens = Math.max(least, Math.ceil((BY * value) / after));
      const networks = Math.ceil(tokens / AFTER.perNetwork);
      return { fleet, number, value, before: Math.max(1, Math.ceil((BY * value) / before)), after: tokens, networks };
    };
    return [
      // While a month is open a number moves only when the cell has moved by the threshold.
      row('sites, staff', sites, 1, 1, AFTER.leastMove),
      row('devices, staff', devices, BEFORE.devices, AFTER.devices, AFTER.leastMove),
      row('sites, release', sites, 1, 1),
      row(`phones, release (cap ${cap})`, capped, BEFORE.releasePhones, cap),
    ];
  });
}

export function costTable(): string {
  const head = [
    'fleet',
    'number of one model',
    'stands at',
    'invented sites before',
    'now',
    'networks (/24) before',
    'now',
  ];
  const rows = costs().map(({ fleet, number, value, before, after, networks }) => [
    ...[fleet, number, value, before, after].map(String),
    '1',
    String(networks),
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${costTable()}\n`);
