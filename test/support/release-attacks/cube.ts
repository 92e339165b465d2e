import type { Fact } from '../../../schemas/fact.ts';
import type { BoundedRow, QueryName, ReleaseCell } from '../../../schemas/release.ts';
import { breakApart, type SiteReport } from '../../../services/ingest/break-apart.ts';

/** A row of the exact cube with the query that reads it. Devices are 0 but for phone models and, beside the facts, vendors. */
export interface CountedCell extends BoundedRow {
  readonly query: QueryName;
}

/** By {@link cellName}. */
export type Cube = ReadonlyMap<string, CountedCell>;

export function cellName({ query, platform, vendor, model }: Omit<ReleaseCell, 'category'>): string {
  return `${query}|${platform}|${vendor}|${model}`;
}

/** A cube of these sites, each `times` times, on top of another one: broken apart by ingest's own code, then counted. */
export function countSites(sites: readonly SiteReport[], others: Cube = new Map(), times = 1): Cube {
  const cube = new Map(others);
  for (const site of sites) {
    for (const fact of breakApart(site)) countFact(cube, fact, times);
    for (const { vendor, count } of site.models)
      add(cube, { ...cellOf('phone_vendor', { vendor }), devices: count * times });
  }
  return cube;
}

function countFact(cube: Map<string, CountedCell>, fact: Fact, times: number): void {
  const { view, platform, category, vendor, model, count, bounded } = fact;
  const query = queryOf(view, category);
  if (query === undefined || count === 0) return;
  const ofModel = query === 'phone_model';
  add(cube, {
    ...cellOf(query, { platform, vendor, model }),
    sites: times,
    devices: ofModel ? count * times : 0,
    boundedSites: Math.min(1, bounded) * times,
    boundedDevices: ofModel ? bounded * times : 0,
  });
}

/** The fleets of the attacks have phones only. */
function queryOf(view: Fact['view'], category: Fact['category']): PhoneQuery | undefined {
  if (view === 'platform' || view === 'platform_vendor') return view;
  if (category !== 'phone') return undefined;
  return view === 'vendor' ? 'phone_vendor' : view === 'model' ? 'phone_model' : undefined;
}

const VIEWS = {
  platform: 'platform',
  platform_vendor: 'platform_vendor',
  phone_vendor: 'vendor',
  phone_model: 'model',
} as const;
type PhoneQuery = keyof typeof VIEWS;

function cellOf(query: PhoneQuery, columns: Partial<CountedCell>): CountedCell {
  const category = query === 'phone_vendor' || query === 'phone_model' ? 'phone' : '';
  const empty = { platform: '', vendor: '', model: '', sites: 0, devices: 0, boundedSites: 0, boundedDevices: 0 };
  return { ...empty, ...columns, query, view: VIEWS[query], category };
}

function add(cube: Map<string, CountedCell>, more: CountedCell): void {
  const name = cellName(more);
  const known = cube.get(name);
  cube.set(name, known === undefined ? more : sumOf(known, more));
}

function sumOf(one: CountedCell, other: CountedCell): CountedCell {
  return {
    ...one,
    sites: one.sites + other.sites,
    devices: one.devices + other.devices,
    boundedSites: one.boundedSites + other.boundedSites,
    boundedDevices: one.boundedDevices + other.boundedDevices,
  };
}
