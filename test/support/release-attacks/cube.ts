import type { ReleaseCell, SlotSum } from '../../../schemas/release.ts';
import type { Slot } from '../../../schemas/slot.ts';
import { FIRST_CAP } from '../../../services/core/caps.ts';
import { breakApart, type SiteReport } from '../../../services/ingest/break-apart.ts';
import { slotsOf } from '../../../services/ingest/slots.ts';

/** A cell as it is exactly, and what its sites' slots add to it. Devices are those of models and makers. */
export interface CountedCell extends ReleaseCell {
  readonly sites: number;
  readonly devices: number;
  readonly boundedSites: number;
  readonly boundedDevices: number;
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
    countExactly(cube, site, times);
    countSlots(cube, slotsOf(site, FIRST_CAP), times);
  }
  return cube;
}

/** One site that sent several reports under one token: of each slot the newest row, of each cell key the largest amount. */
export function countToken(reports: readonly SiteReport[], others: Cube): Cube {
  const cube = new Map(others);
  countExactly(cube, reports.at(-1)!, 1);
  const newest = new Map<number, Slot>();
  for (const slot of reports.flatMap((report) => slotsOf(report, FIRST_CAP)))
    if ((newest.get(slot.key)?.version ?? -1) < slot.version) newest.set(slot.key, slot);
  const once = new Map<string, Slot>();
  for (const slot of newest.values()) {
    const key = `${slot.lane} ${slot.cellKey} ${slot.platform}`;
    if (slot.amount > 0 && (once.get(key)?.amount ?? 0) < slot.amount) once.set(key, slot);
  }
  countSlots(cube, [...once.values()], 1);
  return cube;
}

/** The same where bounds are decided for each report and earlier facts stay: as ingest did before there were slots. */
export function countCareless(reports: readonly SiteReport[], others: Cube): Cube {
  const cube = new Map(others);
  const named = new Map<string, Slot>();
  for (const slot of reports.flatMap((report) => slotsOf({ ...report, sequence: 1 }, FIRST_CAP)))
    named.set(`${slot.lane}|${slot.platform}|${slot.vendor}|${slot.model}`, slot);
  countSlots(cube, [...named.values()], 1);
  return cube;
}

function countExactly(cube: Map<string, CountedCell>, site: SiteReport, times: number): void {
  for (const { view, platform, category, vendor, model, count } of breakApart(site)) {
    if (count === 0) continue;
    const ofPhones = category === 'phone';
    if (view === 'platform' || view === 'platform_vendor') add(cube, view, { platform, vendor, sites: times });
    if (view === 'vendor' && ofPhones) add(cube, 'phone_vendor', { vendor, sites: times });
    if (view === 'model' && ofPhones) {
      add(cube, 'phone_model', { vendor, model, sites: times, devices: count * times });
      add(cube, 'phone_vendor', { vendor, devices: count * times });
    }
  }
}

function countSlots(cube: Map<string, CountedCell>, slots: readonly Slot[], times: number): void {
  const makers = new Set<string>();
  for (const { lane, platform, vendor, model, amount, cap } of slots) {
    if (amount === 0) continue;
    if (lane === 'platforms') {
      add(cube, 'all', { boundedSites: times });
      add(cube, 'platform', { platform, boundedSites: times });
    }
    if (lane === 'makers') {
      add(cube, 'platform_vendor', { platform, vendor, boundedSites: times });
      if (!makers.has(vendor)) add(cube, 'phone_vendor', { vendor, boundedSites: times });
      makers.add(vendor);
    }
    if (lane !== 'phones') continue;
    const boundedDevices = amount * times;
    add(cube, 'phone_model', { vendor, model, boundedSites: times, boundedDevices });
    add(cube, 'phone_vendor', { vendor, boundedDevices });
    add(cube, 'all', { boundedDevices });
    if (amount === cap) add(cube, 'at_cap', { boundedSites: times });
  }
}

/** One object of one form for a cell, because a fleet's cells are added to a million times. */
function add(cube: Map<string, CountedCell>, query: ReleaseCell['query'], more: Partial<CountedCell>): void {
  const { platform = '', vendor = '', model = '' } = more;
  const name = cellName({ query, platform, vendor, model });
  const known = cube.get(name);
  cube.set(name, {
    query,
    platform,
    category: query === 'phone_vendor' || query === 'phone_model' ? 'phone' : '',
    vendor,
    model,
    sites: (known?.sites ?? 0) + (more.sites ?? 0),
    devices: (known?.devices ?? 0) + (more.devices ?? 0),
    boundedSites: (known?.boundedSites ?? 0) + (more.boundedSites ?? 0),
    boundedDevices: (known?.boundedDevices ?? 0) + (more.boundedDevices ?? 0),
  });
}

/** What the noise step is given. */
export function slotSumsOf(cube: Cube): SlotSum[] {
  return [...cube.values()].map(({ query, platform, category, vendor, model, boundedSites, boundedDevices }) => {
    return { query, platform, category, vendor, model, sites: boundedSites, phones: boundedDevices };
  });
}
