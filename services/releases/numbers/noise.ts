import type { Period } from '../../../schemas/period.ts';
import type { NoisedCell, Profile, ReleaseCell, SlotSum } from '../../../schemas/release.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { NoiseKey } from '../../ports/noise-keys.ts';
import { compareCells } from './cell.ts';
import { discreteGaussian } from './discrete-gaussian.ts';
import { noiseStream } from './noise-stream.ts';
import { type Measure, type Query, queriesAt } from './queries.ts';

/** A cell before anybody asked whether it moved too far. */
export type UnheldCell = Omit<NoisedCell, 'held'>;

export interface NoiseOrder {
  readonly period: Period;
  readonly profile: Profile;
  readonly key: NoiseKey;
  /** Of the month's first phone slot: it decides the noise of phones. */
  readonly cap: number;
  /** The public list of the period: what is noised, whether anybody has it or not. */
  readonly listed: readonly ReleaseCell[];
  /** The frozen sums: each cell once, in any order. Cells that are not listed are in no release. */
  readonly sums: readonly SlotSum[];
}

/**
 * Every listed cell with noise, once: same order, same result. A cell that nobody has is a 0 with noise like any other,
 * so that nothing exact decides what there is to see. In the threshold profile nothing is added.
 */
export function noiseListed(order: NoiseOrder): UnheldCell[] {
  const sums = new Map(order.sums.map((sum) => [cellKey(sum), sum]));
  const queries = new Map(queriesAt(order.cap).map((query) => [query.name, query]));
  return order.listed.toSorted(compareCells).map((cell) => {
    const query = queries.get(cell.query) as Query;
    const sum = sums.get(cellKey(cell));
    return {
      ...cell,
      sites: (sum?.sites ?? 0) + noiseOf(cell, 'sites', query.sites, order),
      phones: query.phones && (sum?.phones ?? 0) + noiseOf(cell, 'phones', query.phones, order),
    };
  });
}

/** The variance of the noise that a profile really adds. */
export function varianceIn(profile: Profile, measure: Measure): number {
  return profile === 'noised' ? measure.variance : 0;
}

function noiseOf(cell: ReleaseCell, measureName: 'sites' | 'phones', measure: Measure, order: NoiseOrder): number {
  if (order.profile === 'threshold') return 0;
  const { key, digest } = order.key;
  const stream = noiseStream(key, noiseLabel(order.period, cell, measureName, digest));
  return Number(discreteGaussian(BigInt(measure.variance), stream));
}

/** Two numbers of any release have two labels: a list in JSON says where each of its words ends. */
export function noiseLabel(period: Period, cell: ReleaseCell, measure: 'sites' | 'phones', digest: string): string {
  const { query, platform, category, vendor, model } = cell;
  return JSON.stringify(['rollcall.noise/2', period, query, measure, platform, category, vendor, model, digest]);
}
