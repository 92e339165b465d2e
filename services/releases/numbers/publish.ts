import type { NoisedCell, Profile, ReleaseCell } from '../../../schemas/release.ts';
import { cellKey, roundTo } from '../../core/release-cell.ts';
import { compareCells } from './cell.ts';
import { changeOf } from './change.ts';
import { varianceIn } from './noise.ts';
import type { Published, PublishedCell } from './published.ts';
import { isOfModels, queryNamed } from './queries.ts';
import { marginOf } from './rounding.ts';

/** No model is released from a sample of fewer sites than this. */
export const LEAST_SAMPLE = 1_000;

export interface PublishOrder {
  readonly profile: Profile;
  /** Whether a reviewer let a held cell pass. Not asked of others. */
  readonly approved: (cell: ReleaseCell) => boolean;
  /** The period before, as it was published. */
  readonly before?: Published | undefined;
}

/**
 * The published numbers of a period. Sample, shares and changes are computed from published numbers only, so that they
 * say nothing which the numbers do not say.
 */
export function publish(cells: readonly NoisedCell[], order: PublishOrder): Published {
  const open = cells.filter((cell) => !cell.held || order.approved(cell));
  const sample = sampleOf(open, order.profile);
  const modelsReleased = order.profile === 'threshold' || (sample.sampleSites ?? 0) >= LEAST_SAMPLE;
  const shown = open.filter((cell) => modelsReleased || !isOfModels(cell.query)).sort(compareCells);
  const earlier = new Map(order.before?.cells.map((cell) => [cellKey(cell), cell]));
  return {
    profile: order.profile,
    ...sample,
    modelsReleased,
    cells: shown.map((cell) => {
      const numbers = publishedNumbers(cell, order.profile, sample.sampleSites);
      return { ...numbers, change: changeOf(numbers, earlier.get(cellKey(cell)), order) };
    }),
  };
}

type Sample = Pick<Published, 'sampleSites' | 'sampleMargin'>;

/** A site has one platform, so the sum over platforms counts sites: those of platforms that passed the gate. */
function sampleOf(cells: readonly NoisedCell[], profile: Profile): Sample {
  const { sites } = queryNamed('platform');
  const platforms = cells.filter((cell) => cell.query === 'platform');
  if (platforms.length === 0) return { sampleSites: null, sampleMargin: null };
  return {
    sampleSites: platforms.reduce((sum, cell) => sum + roundTo(cell.sites, sites.rounding), 0),
    sampleMargin: marginOf(sites, varianceIn(profile, sites), platforms.length),
  };
}

function publishedNumbers(cell: NoisedCell, profile: Profile, sample: number | null): Omit<PublishedCell, 'change'> {
  const { query, platform, category, vendor, model } = cell;
  const measures = queryNamed(query);
  const sites = roundTo(cell.sites, measures.sites.rounding);
  const numbers = {
    ...{ query, platform, category, vendor, model, sites },
    sitesMargin: marginOf(measures.sites, varianceIn(profile, measures.sites)),
    share: sample === null ? null : roundShare(sites / sample),
  };
  if (measures.phones === null || cell.phones === null) return { ...numbers, phones: null, phonesMargin: null };
  return {
    ...numbers,
    phones: roundTo(cell.phones, measures.phones.rounding),
    phonesMargin: marginOf(measures.phones, varianceIn(profile, measures.phones)),
  };
}

/** To hundredths of a percent: more digits would only look exact. */
function roundShare(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
