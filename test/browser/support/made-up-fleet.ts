import type { Row, RowPoint } from '../../../schemas/answers/row.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { parsePeriod } from '../../../services/core/period.ts';

/**
 * A fleet of twelve months, the last one open: makers that rise and fade, a model that is held back in some months, and
 * platforms. Nothing in it is drawn by chance.
 */
export const MONTHS = Array.from({ length: 12 }, (_, i) =>
  parsePeriod(i === 0 ? '2025-12' : `2026-${String(i).padStart(2, '0')}`),
);
export const OPEN = 11;
export const FINAL = 10;
export const THRESHOLD = 10;

export interface MadeUpCell {
  readonly view: View;
  readonly platform?: string;
  readonly category?: string;
  readonly vendor?: string;
  readonly model?: string;
  /** Null where fewer sites than the threshold have it. */
  readonly sites: readonly (number | null)[];
  readonly devices: readonly (number | null)[];
}

const shown = (n: number): number | null => (n < THRESHOLD ? null : Math.round(n));
const overMonths = (start: number, growth: number) => MONTHS.map((_, i) => shown(start * growth ** i));
export const SITES = MONTHS.map((_, i) => 1_845 - i * 33);

/** Maker, growth a month, and its models with sites in the first month. */
const MAKERS: readonly (readonly [string, number, readonly (readonly [string, number])[]])[] = [
  [
    'Yealink',
    1.04,
    [
      ['SIP-T46U', 330],
      ['SIP-T54W', 240],
      ['SIP-T33G', 180],
      ['SIP-T21P_E2', 75],
    ],
  ],
  [
    'Polycom',
    0.95,
    [
      ['VVX 450', 210],
      ['VVX 250', 150],
      ['SoundStation IP 6000', 60],
    ],
  ],
  [
    'Cisco',
    1,
    [
      ['CP-8841', 140],
      ['CP-7841', 90],
    ],
  ],
  [
    'Grandstream',
    1.02,
    [
      ['GRP2612', 120],
      ['GXP2170', 80],
    ],
  ],
  [
    'Fanvil',
    1.05,
    [
      ['X5U', 60],
      ['X4U', 40],
    ],
  ],
  [
    'Snom',
    1,
    [
      ['D785', 80],
      ['D717', 44],
      ['D120', 22],
    ],
  ],
  ['Sangoma', 1.01, [['P320', 70]]],
  ['Poly', 1.07, [['Edge E220', 45]]],
  ['Mitel', 1, [['6867i', 40]]],
  ['Gigaset', 0.93, [['Maxwell 3', 16]]],
];

const PLATFORMS: readonly (readonly [string, number, number])[] = [
  ['FreePBX 17', 380, 1.03],
  ['3CX 20', 300, 1.02],
  ['FreePBX 16', 342, 0.965],
  ['FreePBX 15', 260, 0.93],
  ['Asterisk 20', 90, 1],
  ['Asterisk 21', 22, 0.92],
];

const CATEGORIES: readonly (readonly [string, number])[] = [
  ['phone', 0.98],
  ['memory', 0.96],
  ['nic', 0.89],
  ['softphone', 0.31],
  ['dect', 0.12],
];

/** More softphones than a page of a list has rows. */
export const SOFTPHONES = 130;

function softphones(): MadeUpCell[] {
  const [sites, devices] = [40, 50].map((n) => MONTHS.map(() => n)) as [number[], number[]];
  return Array.from(
    { length: SOFTPHONES },
    (_, i): MadeUpCell => ({
      ...{ view: 'model', category: 'softphone', vendor: 'Sangoma', model: `Line ${100 + i}` },
      ...{ sites, devices },
    }),
  );
}

function fleet(): MadeUpCell[] {
  const models = MAKERS.flatMap(([vendor, growth, names]) =>
    names.map(([model, start], i): MadeUpCell => {
      const sites = overMonths(start, i === 0 ? growth * 1.01 : growth);
      return {
        view: 'model',
        category: 'phone',
        vendor,
        model,
        sites,
        devices: sites.map((n) => n && n * (4 + (i % 3))),
      };
    }),
  );
  const sum = (cells: readonly MadeUpCell[]) =>
    MONTHS.map((_, i) => cells.reduce((total, cell) => total + (cell.devices[i] ?? 0), 0));
  const makers = MAKERS.map(([vendor, growth, names]): MadeUpCell => {
    const most = Math.max(...names.map(([, start]) => start));
    return {
      view: 'vendor',
      category: 'phone',
      vendor,
      sites: overMonths(most * 1.3, growth),
      devices: sum(models.filter((cell) => cell.vendor === vendor)),
    };
  });
  const platforms = PLATFORMS.map(
    ([platform, start, growth]): MadeUpCell => ({
      view: 'platform',
      platform,
      sites: overMonths(start, growth),
      devices: MONTHS.map(() => null),
    }),
  );
  const onPlatforms = PLATFORMS.flatMap(([platform, start, growth]) =>
    MAKERS.slice(0, 3).map(
      ([vendor], i): MadeUpCell => ({
        view: 'platform_vendor',
        platform,
        vendor,
        sites: overMonths(start * (0.4 - i * 0.1), growth),
        devices: MONTHS.map(() => null),
      }),
    ),
  );
  const phones = sum(models);
  const categories = CATEGORIES.map(
    ([category, part]): MadeUpCell => ({
      view: 'category',
      category,
      sites: SITES.map((n) => Math.round(n * part)),
      devices: category === 'phone' ? phones : SITES.map((n) => Math.round(n * part * 1.1)),
    }),
  );
  const all: MadeUpCell = { view: 'site', sites: SITES, devices: sum(categories) };
  return [...models, ...softphones(), ...makers, ...platforms, ...onPlatforms, ...categories, all];
}
export const CELLS = fleet();

const COLUMNS = ['platform', 'category', 'vendor', 'model'] as const;
export const namesOf = (cell: MadeUpCell) =>
  Object.fromEntries(COLUMNS.filter((name) => cell[name] !== undefined).map((name) => [name, cell[name]])) as Partial<
    Record<(typeof COLUMNS)[number], string>
  >;

export const share = (part: number | null | undefined, total: number | null | undefined): number | null =>
  part === null || part === undefined || !total ? null : Math.min(1, Math.round((part / total) * 1e6) / 1e6);

/** What the cell's shares are of. */
export function totalOf({ view, category, platform }: MadeUpCell): MadeUpCell {
  const found = CELLS.find((cell) => {
    if (view === 'model' || view === 'vendor') return cell.view === 'category' && cell.category === category;
    return view === 'platform_vendor' ? cell.view === 'platform' && cell.platform === platform : cell.view === 'site';
  });
  if (!found) throw new Error('every cell has a total');
  return found;
}

const devicesOf = (cell: MadeUpCell, i: number): number | null =>
  cell.view.startsWith('platform') ? null : (cell.devices[i] ?? null);

export function pointOf(cell: MadeUpCell, i: number): RowPoint {
  const total = totalOf(cell);
  const sites = cell.sites[i] ?? null;
  const devices = devicesOf(cell, i);
  return {
    period: MONTHS[i] as Period,
    provisional: i === OPEN,
    sites,
    devices,
    sitesShare: share(sites, total.sites[i]),
    devicesShare: share(devices, total.devices[i]),
  };
}

/** As docs say: more than chance and the fleet's own growth. */
export function isClear(from: number, to: number, sitesFrom: number, sitesTo: number): boolean {
  const expected = (from * sitesTo) / sitesFrom;
  return Math.abs(to - expected) > 2 * Math.sqrt(to + expected);
}

const shareChange = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.round((to - from) * 1e6) / 1e6;

/** The row of a shown cell in month `i` against month `j`; no change where one of them is open or there is no other. */
export function rowOf(
  cell: MadeUpCell,
  i: number,
  j: number | undefined,
  ranks: { rank: number; rankBefore: number | null },
): Row {
  const now = pointOf(cell, i);
  const then = j !== undefined && i !== OPEN && cell.sites[j] !== null ? pointOf(cell, j) : undefined;
  const { sites, devices, sitesShare, devicesShare } = now;
  if (sites === null) throw new Error('a row is shown');
  const total = totalOf(cell);
  return {
    ...namesOf(cell),
    sites,
    devices,
    sitesShare,
    devicesShare,
    before: then
      ? { sites: then.sites ?? 0, devices: then.devices, sitesShare: then.sitesShare, devicesShare: then.devicesShare }
      : null,
    change: then
      ? {
          sitesShare: shareChange(then.sitesShare, sitesShare),
          devicesShare: shareChange(then.devicesShare, devicesShare),
          clear: isClear(then.sites ?? 0, sites, total.sites[j as number] ?? 1, total.sites[i] ?? 1),
          few: (then.sites ?? 0) < 30 || sites < 30,
        }
      : null,
    ...ranks,
    trend: MONTHS.slice(0, i + 1).map((_, k) => pointOf(cell, k)),
  };
}

/** All shown rows of a view, most sites first. */
export function rowsOf(
  view: View,
  i: number,
  j: number | undefined,
  of: (cell: MadeUpCell) => boolean = () => true,
): Row[] {
  const inOrder = (k: number) =>
    CELLS.filter((cell) => cell.view === view && of(cell) && cell.sites[k] != null).sort(
      (a, b) => (b.sites[k] ?? 0) - (a.sites[k] ?? 0),
    );
  const before = j === undefined ? [] : inOrder(j);
  return inOrder(i).map((cell, rank) =>
    rowOf(cell, i, j, { rank: rank + 1, rankBefore: before.includes(cell) ? before.indexOf(cell) + 1 : null }),
  );
}

export const heldBack = (view: View, i: number): number =>
  CELLS.filter((cell) => cell.view === view && cell.sites[i] === null).length;
