import type { QueryName, ReleaseCell } from '../../../schemas/release.ts';
import { cellKey, roundTo } from '../../core/release-cell.ts';
import { compareCells } from './cell.ts';
import { type Arrows, arrowsBetween, changeOf } from './change.ts';
import type { Published, PublishedCell } from './published.ts';
import { marginOf, roundingIn } from './rounding.ts';
import { FIRST_PHONES_PER_SITE, type NoisedPeriod, type PhonesPerSite, Reading, type ShownCell } from './shown.ts';

/** A fleet of fewer sites has no noised release: there is hardly a number in it that noise would leave (300 sites). */
export const LEAST_FLEET = 300;

export interface PublishOrder {
  readonly period: NoisedPeriod;
  /** Whether a reviewer let a held cell pass. Not asked of others. */
  readonly approved: (cell: ReleaseCell) => boolean;
  /** The period before: as it was noised, and as it was published. */
  readonly before?: { readonly period: NoisedPeriod; readonly published: Published } | undefined;
}

/**
 * The published numbers of a period. Gates, shares, agreement and changes are worked out from noised numbers only, so
 * that they say nothing which those do not say.
 */
export function publish(order: PublishOrder): Published {
  const { period, before } = order;
  const reading = new Reading(period);
  const perSite = before?.published.perSite ?? FIRST_PHONES_PER_SITE;
  const passed = reading.shown(perSite).filter((cell) => cell.held === null || order.approved(cell));
  const largeEnough = period.profile === 'threshold' || isLargeEnough(period, reading);
  const open = passed.filter(({ query }) => largeEnough || query === 'all').sort(compareCells);
  const arrows = before && arrowsBetween(before.period, period);
  const numbers = open.map((cell) => publishedNumbers(cell, period));
  return {
    profile: period.profile,
    ...{ cap: period.cap, largeEnough },
    coverage: [...reading.listed.keys()].map((query) => ({
      ...{ query, from: reading.least(query) },
      listed: period.cells.filter((cell) => cell.query === query),
    })),
    cells: withShares(numbers).map((cell) => ({ ...cell, change: changeBetween(cell, arrows, order) })),
    perSite: perSiteOf(open, perSite),
  };
}

/** Unless the number of all sites, noised, says for certain that there are fewer: a fleet of {@link LEAST_FLEET} has its release. */
function isLargeEnough({ cells }: NoisedPeriod, reading: Reading): boolean {
  const all = cells.find(({ query }) => query === 'all')?.sites ?? 0;
  return all + 3 * Math.sqrt(reading.siteVariance('all')) >= LEAST_FLEET;
}

type Numbers = Omit<PublishedCell, 'change' | 'share'>;

function publishedNumbers(cell: ShownCell, { profile }: NoisedPeriod): Numbers {
  const { query, platform, category, vendor, model, phonesFound } = cell;
  const step = roundingIn(profile);
  return {
    ...{ query, platform, category, vendor, model },
    sites: Math.max(0, roundTo(cell.sites, step.sites)),
    sitesMargin: marginOf(step.sites, cell.siteVariance, cell.nearItsGate),
    phones: phonesFound && Math.max(0, roundTo(phonesFound.value, step.phones)),
    phonesMargin: phonesFound && marginOf(step.phones, phonesFound.variance),
  };
}

/** Of a maker on a platform the share of that platform's sites; of everything else the share of all sites. */
function withShares(cells: readonly Numbers[]): Omit<PublishedCell, 'change'>[] {
  const all = cells.find(({ query }) => query === 'all')?.sites;
  const platforms = new Map(cells.flatMap((c) => (c.query === 'platform' ? [[c.platform, c.sites] as const] : [])));
  return cells.map((cell) => {
    const whole = cell.query === 'platform_vendor' ? platforms.get(cell.platform) : all;
    return { ...cell, share: cell.query === 'all' || !whole ? null : roundShare(Math.min(1, cell.sites / whole)) };
  });
}

/** To hundredths of a percent: more digits would only look exact. */
function roundShare(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

function changeBetween(
  cell: Omit<PublishedCell, 'change'>,
  arrows: Arrows | undefined,
  { before }: PublishOrder,
): PublishedCell['change'] {
  const earlier = before?.published.cells.find((one) => cellKey(one) === cellKey(cell));
  return changeOf(cell, earlier, arrows);
}

/** Of the published cells of each query that has phones, all together; where none is published, as before. */
function perSiteOf(open: readonly ShownCell[], before: PhonesPerSite): PhonesPerSite {
  const of = (name: QueryName) => {
    const cells = open.filter((cell) => cell.query === name && cell.phonesFound !== null);
    const sites = cells.reduce((sum, cell) => sum + cell.sites, 0);
    const phones = cells.reduce((sum, cell) => sum + (cell.phonesFound?.value ?? 0), 0);
    return sites > 0 && phones > 0 ? phones / sites : before[name];
  };
  const found = { all: of('all'), phone_vendor: of('phone_vendor'), phone_model: of('phone_model') };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
