import { FacetsAnswer } from '../../../schemas/answers/facets.ts';
import { MethodAnswer } from '../../../schemas/answers/method.ts';
import { ModelAnswer } from '../../../schemas/answers/model.ts';
import { OverviewAnswer } from '../../../schemas/answers/overview.ts';
import { SeriesAnswer } from '../../../schemas/answers/series.ts';
import { WaitingAnswer } from '../../../schemas/answers/waiting.ts';
import type { View } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import {
  CELLS,
  FINAL,
  heldBack,
  isClear,
  type MadeUpCell,
  MONTHS,
  namesOf,
  OPEN,
  pointOf,
  rowsOf,
  SITES,
  share,
  THRESHOLD,
  totalOf,
} from './made-up-fleet.ts';

export type Query = Readonly<Record<string, string | undefined>>;

export const AT = '2026-12-03T23:00:00.000Z';
const monthOf = (period: string | undefined): number | undefined =>
  period === undefined ? undefined : MONTHS.indexOf(period as Period);
const month = (i: number): Period => MONTHS[i] as Period;

/** A year before or the first month; none for the open one. */
function compared({ compare }: Query, i: number): number | undefined {
  if (i === OPEN || i === 0) return undefined;
  return monthOf(compare) ?? Math.max(0, i - 12);
}

const amount = (cell: MadeUpCell | undefined, i: number) => ({
  sites: cell?.sites[i] ?? null,
  devices: cell?.devices[i] ?? null,
});
const all = CELLS.find(({ view }) => view === 'site') as MadeUpCell;
const categoryCell = (category: string | undefined) =>
  CELLS.find((cell) => cell.view === 'category' && cell.category === category);

export function overview(query: Query): OverviewAnswer {
  const i = monthOf(query.period) ?? FINAL;
  const j = compared(query, i);
  const { category = 'phone' } = query;
  const both = (k: number) => ({ all: amount(all, k), category: amount(categoryCell(category), k) });
  const of = (cell: MadeUpCell) => cell.category === category;
  const lists = {
    makers: rowsOf('vendor', i, j, of),
    models: rowsOf('model', i, j, of),
    platforms: rowsOf('platform', i, j),
    categories: rowsOf('category', i, j),
  };
  const moved = [
    ...lists.models.map((row) => ({ ...row, view: 'model' as const })),
    ...lists.platforms.map((row) => ({ ...row, view: 'platform' as const })),
  ].filter(({ change }) => change?.clear);
  const by = (row: { change: { sitesShare: number | null } | null }) => row.change?.sitesShare ?? 0;
  const top = Number(query.top ?? 10);
  return OverviewAnswer.parse({
    category,
    period: month(i),
    compare: j === undefined ? null : month(j),
    provisional: i === OPEN,
    snapshotAt: AT,
    threshold: THRESHOLD,
    open: { period: month(OPEN), sites: SITES[OPEN] ?? null },
    total: both(i),
    before: j === undefined ? null : both(j),
    months: MONTHS.map((period, k) => ({ period, provisional: k === OPEN, ...both(k) })),
    makers: lists.makers.slice(0, top),
    models: lists.models.slice(0, top),
    platforms: lists.platforms.slice(0, top),
    categories: lists.categories,
    rising: moved
      .filter((row) => by(row) > 0)
      .sort((a, b) => by(b) - by(a))
      .slice(0, top),
    fading: moved
      .filter((row) => by(row) < 0)
      .sort((a, b) => by(a) - by(b))
      .slice(0, top),
    rowsInAll: {
      makers: lists.makers.length,
      models: lists.models.length,
      platforms: lists.platforms.length,
      categories: lists.categories.length,
    },
    suppressed: {
      makers: heldBack('vendor', i),
      models: heldBack('model', i),
      platforms: heldBack('platform', i),
      categories: 0,
    },
    problems: [],
  });
}

function filtered({ view = 'model', category, vendor, platform, q }: Query): (cell: MadeUpCell) => boolean {
  return (cell) =>
    cell.view === view &&
    (category === undefined || cell.category === category) &&
    (vendor === undefined || cell.vendor === vendor) &&
    (platform === undefined || cell.platform === platform) &&
    (q === undefined || Object.values(namesOf(cell)).join(' ').toLowerCase().includes(q.toLowerCase()));
}

export function series(query: Query): SeriesAnswer {
  const { view = 'model', by = 'sites', top = '8' } = query;
  const [from, to] = [Math.max(0, monthOf(query.from) ?? 0), monthOf(query.to) ?? OPEN];
  const months = Array.from({ length: to + 1 - from }, (_, k) => from + k);
  const value = (cell: MadeUpCell, k: number) => cell[by as 'sites' | 'devices'][k] ?? null;
  const sum = (cell: MadeUpCell) => months.reduce((total, k) => total + (value(cell, k) ?? 0), 0);
  const cells = CELLS.filter(filtered(query)).sort((a, b) => sum(b) - sum(a));
  const total = (k: number) => (cells[0] ? value(totalOf(cells[0]), k) : null);
  const pointsOf = (values: (k: number) => number | null) =>
    months.map((k) => ({ value: values(k), share: share(values(k), total(k)) }));
  const rest = cells.slice(Number(top));
  const adds = by === 'devices' || view === 'platform';
  return SeriesAnswer.parse({
    view,
    by,
    from: month(from),
    to: month(to),
    periods: months.map((k) => ({ period: month(k), provisional: k === OPEN, total: total(k) })),
    series: cells.slice(0, Number(top)).map((cell) => ({ ...namesOf(cell), points: pointsOf((k) => value(cell, k)) })),
    other: adds
      ? { cells: rest.length, points: pointsOf((k) => rest.reduce((n, cell) => n + (value(cell, k) ?? 0), 0)) }
      : null,
  });
}

export function counts(query: Query) {
  const { view = 'model', sort = '-sites', limit = '50', offset = '0' } = query;
  const i = monthOf(query.period) ?? OPEN;
  const rows = rowsOf(view as View, i, i === OPEN ? undefined : monthOf(query.compare), filtered(query));
  const by = sort.replace('-', '');
  const name = (row: object) => JSON.stringify(Object.values(row).slice(0, 3));
  rows.sort((a, b) =>
    by === 'name' ? name(a).localeCompare(name(b)) : (a[by as 'sites'] ?? 0) - (b[by as 'sites'] ?? 0),
  );
  if (sort.startsWith('-')) rows.reverse();
  const [from, to] = [Number(offset), Number(offset) + Number(limit)];
  const total = query.category === undefined ? all : categoryCell(query.category);
  return {
    period: month(i),
    view,
    compare: query.compare ?? null,
    snapshotAt: AT,
    provisional: i === OPEN,
    threshold: THRESHOLD,
    total: amount(total, i),
    suppressed: { cells: heldBack(view as View, i) },
    rowsInAll: rows.length,
    rows: rows.slice(from, to).map((row) => ({ ...row, trend: query.trend === undefined ? [] : row.trend })),
    next: to < rows.length ? to : null,
  };
}

export function facets(): FacetsAnswer {
  const view = (name: View, filters: string[], sorts: string[], stacks: string[]) => ({
    view: name,
    filters,
    sorts,
    stacks,
  });
  return FacetsAnswer.parse({
    period: month(OPEN),
    views: [
      view('vendor', ['category', 'vendor', 'q'], ['sites', 'devices', 'name'], ['devices']),
      view('model', ['category', 'vendor', 'q'], ['sites', 'devices', 'name'], ['devices']),
      view('platform', ['platform', 'q'], ['sites', 'name'], ['sites']),
      view('platform_vendor', ['platform', 'vendor', 'q'], ['sites', 'name'], []),
      view('category', ['category', 'q'], ['sites', 'devices', 'name'], ['devices']),
    ],
    categories: rowsOf('category', FINAL, undefined).map(({ category, sites }) => ({ category, sites })),
    vendors: rowsOf('vendor', FINAL, undefined)
      .sort((a, b) => (b.devices ?? 0) - (a.devices ?? 0))
      .map(({ vendor }) => ({
        vendor,
        owner: vendor === 'Polycom' ? 'Poly' : null,
        brands: vendor === 'Poly' ? ['Polycom'] : [],
        categories: ['phone'],
      })),
    platforms: rowsOf('platform', FINAL, undefined).map(({ platform, sites }) => ({ platform, sites })),
    periods: MONTHS.map((period, i) => ({
      period,
      state: i === OPEN ? 'open' : 'released',
      provisional: i === OPEN,
      sites: SITES[i],
      snapshotAt: AT,
    })).reverse(),
  });
}

/** What the made-up catalogue knows of ends. */
const ENDS: Readonly<Record<string, NonNullable<ModelAnswer['endOfLife']>>> = {
  '6867i': { sold: '2024-12-31', supported: null, source: 'a list of its maker' },
  'Maxwell 3': { sold: '2019-07', supported: '2021-07-31', source: 'a notice of its maker' },
};

export function model({ category, vendor, model: name, ...query }: Query): ModelAnswer {
  const i = monthOf(query.period) ?? FINAL;
  const j = compared(query, i);
  const cell = CELLS.find((one) => one.view === 'model' && one.vendor === vendor && one.model === name);
  const rows = rowsOf('model', i, j, (one) => one.category === category);
  const row = rows.find((one) => one.vendor === vendor && one.model === name) ?? null;
  const siblings = rowsOf('model', i, j, (one) => one.vendor === vendor);
  const total = categoryCell(category);
  return ModelAnswer.parse({
    category,
    vendor,
    model: name,
    period: month(i),
    compare: j === undefined ? null : month(j),
    provisional: i === OPEN,
    snapshotAt: AT,
    threshold: THRESHOLD,
    total: amount(total, i),
    before: j === undefined ? null : amount(total, j),
    row,
    trend: cell ? MONTHS.map((_, k) => pointOf(cell, k)) : [],
    place: row ? { rank: row.rank, of: rows.length, before: row.rankBefore } : null,
    siblings: siblings.slice(0, 10),
    siblingsInAll: siblings.length,
    suppressed: { cells: heldBack('model', i) },
    released:
      vendor === 'Yealink' && row
        ? { party: 'Yealink', sites: 295, sitesMargin: 19, phones: 1_900, phonesMargin: 809 }
        : null,
    endOfLife: name === undefined ? null : (ENDS[name] ?? null),
    catalogue: '2026-11.1',
  });
}

export function vendor({ vendor: name, lineage, ...query }: Query) {
  const i = monthOf(query.period) ?? FINAL;
  const j = compared(query, i);
  const brands = name === 'Poly' ? ['Polycom'] : [];
  const own = rowsOf(
    'model',
    i,
    j,
    (cell) => cell.vendor === name || (lineage === 'true' && brands.includes(cell.vendor ?? '')),
  );
  const models = own.map(({ vendor: brand, rank: _, rankBefore: __, ...row }) => ({
    ...row,
    brand,
    sold: ENDS[row.model ?? '']?.sold ?? null,
  }));
  return {
    vendor: name,
    owner: name === 'Polycom' ? 'Poly' : null,
    brands,
    period: month(i),
    compare: j === undefined ? null : month(j),
    snapshotAt: AT,
    provisional: i === OPEN,
    threshold: THRESHOLD,
    suppressed: { cells: 1 },
    rowsInAll: models.length,
    categories: [],
    models,
    next: null,
  };
}

export function movers(query: Query) {
  const [from, to] = [monthOf(query.from) ?? 0, monthOf(query.to) ?? FINAL];
  const rows = CELLS.filter(filtered(query))
    .map((cell) => {
      const [a, b] = [pointOf(cell, from), pointOf(cell, to)];
      const change = (x: number | null, y: number | null) =>
        x === null || y === null || to === OPEN ? null : Math.round((y - x) * 1e6) / 1e6;
      const total = totalOf(cell);
      const both = a.sites !== null && b.sites !== null;
      return {
        ...namesOf(cell),
        fromSites: a.sites,
        toSites: b.sites,
        sitesShareChange: change(a.sitesShare, b.sitesShare),
        fromDevices: a.devices,
        toDevices: b.devices,
        devicesShareChange: change(a.devicesShare, b.devicesShare),
        clear: both && isClear(a.sites ?? 0, b.sites ?? 0, total.sites[from] ?? 1, total.sites[to] ?? 1),
        few: both && ((a.sites ?? 0) < 30 || (b.sites ?? 0) < 30),
      };
    })
    .filter(({ fromSites, toSites }) => fromSites !== null || toSites !== null)
    .sort((a, b) => Math.abs(b.sitesShareChange ?? 0) - Math.abs(a.sitesShareChange ?? 0));
  const held = (i: number) => heldBack((query.view ?? 'model') as View, i);
  return {
    from: month(from),
    to: month(to),
    provisional: to === OPEN,
    suppressed: { from: held(from), to: held(to) },
    total: { from: SITES[from], to: SITES[to] },
    rowsInAll: rows.length,
    rows,
  };
}

/** A phone that nobody has heard of came to 90 sites on one day, and four models rose by the same sites. */
export function growth(query: Query) {
  const at = monthOf(query.period) ?? FINAL;
  const risen = (model: string, sites: number, before: number | null) => ({
    ...{ view: 'model', category: 'phone', vendor: 'Yealink', model },
    ...{ sites, before, beyond: sites - (before ?? 4) },
  });
  const days = Array.from({ length: 12 }, (_, i) => ({
    ...{ day: i + 1, days: 1, sites: i === 8 ? 97 : 12 - i, before: 14 - i },
    beyond: i === 8,
  }));
  return {
    period: month(at),
    before: at === 0 ? null : month(at - 1),
    provisional: at === OPEN,
    threshold: THRESHOLD,
    fleet: { sites: SITES[at], before: SITES[at - 1] ?? null },
    newSites: {
      ...{ margin: 28, soFarMargin: 20, byDay: days },
      soFar: { days: 12, sites: 180, before: 102 },
    },
    alone: at === OPEN ? [{ ...risen('T99-Nowhere', 90, null), view: 'unlisted' }] : [],
    together:
      at === OPEN
        ? [{ sites: 23, cells: ['SIP-T19P', 'SIP-T21P', 'SIP-T23G', 'SIP-T40G'].map((one) => risen(one, 60, 37)) }]
        : [],
  };
}

export function compare(view: string, cells: readonly string[]) {
  return {
    view,
    from: MONTHS[0],
    to: MONTHS[OPEN],
    cells: cells.map((text) => {
      const [a, b, c] = text.split(':');
      const found = CELLS.find(
        (cell) =>
          cell.view === view &&
          (view === 'platform' ? cell.platform === a : cell.category === a && cell.vendor === b && cell.model === c),
      );
      return { ...(found ? namesOf(found) : {}), points: found ? MONTHS.map((_, k) => pointOf(found, k)) : [] };
    }),
  };
}

export function trend(query: Query) {
  const cell = CELLS.find(filtered(query));
  return { view: query.view, cell: {}, points: cell ? MONTHS.map((_, k) => pointOf(cell, k)) : [] };
}

export function search({ q = '' }: Query) {
  const found = CELLS.filter(
    ({ view, sites }) => ['model', 'vendor', 'platform'].includes(view) && sites[OPEN] !== null,
  )
    .filter((cell) => Object.values(namesOf(cell)).join(' ').toLowerCase().includes(q.toLowerCase()))
    .sort((a, b) => (b.sites[OPEN] ?? 0) - (a.sites[OPEN] ?? 0));
  return {
    period: MONTHS[OPEN],
    snapshotAt: AT,
    results: found.slice(0, 12).map((cell) => ({ kind: cell.view, ...namesOf(cell), sites: cell.sites[OPEN] })),
    next: null,
  };
}

export const waiting = (): WaitingAnswer => WaitingAnswer.parse({ unlisted: 2, held: 1, failedCloses: 0 });

export function method(): MethodAnswer {
  const budget = { rho: 0.25, epsilon: 3.51, delta: 1.1e-6 };
  return MethodAnswer.parse({
    threshold: THRESHOLD,
    unlistedThreshold: 20,
    guard: THRESHOLD,
    graceHours: 72,
    closesAfterHours: 72.17,
    clear: {
      rule: 'Differs from what the fleet’s own growth would give by more than twice the spread of chance.',
      spreads: 2,
      fewSites: 30,
    },
    noise: [
      { query: 'platform', number: 'sites', variance: 50, rho: 0.01, margin: 14, from: 53 },
      { query: 'phone_model', number: 'sites', variance: 60, rho: 0.066, margin: 19, from: 58 },
    ],
    release: {
      sitesRounding: 5,
      phonesRounding: 50,
      mostPhonesOfASite: 50,
      leastSample: 1_000,
      heldDays: 7,
      month: budget,
      year: { ...budget, rho: 3, epsilon: 14.8 },
    },
  });
}
