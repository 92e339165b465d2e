import type { Period } from '../../../schemas/period.ts';
import type { BoundedRow, Profile, ReleaseCell } from '../../../schemas/release.ts';
import type { NoiseKey } from '../../ports/noise-keys.ts';
import { compareCells, type GatedCell } from './cell.ts';
import { discreteGaussian } from './discrete-gaussian.ts';
import { leastSites, PHONE_SIGMAS, passesGate, reaches } from './gate.ts';
import { noiseStream } from './noise-stream.ts';
import { type Measure, type Query, queryOf } from './queries.ts';

export interface NoiseOrder {
  readonly period: Period;
  readonly profile: Profile;
  readonly key: NoiseKey;
  /** From how many sites on the installation shows a cell; fewer than {@link LEAST_SITES} count as that. */
  readonly threshold: number;
  /** The frozen cube: each cell once, in any order. */
  readonly rows: readonly BoundedRow[];
}

/**
 * The frozen cube with noise, once: same order, same result. A cell that does not pass the gate is not in it at all
 * (PRIVACY.md section 4). In the threshold profile nothing is added, and the gate is the threshold alone.
 */
export function noiseCube(order: NoiseOrder): GatedCell[] {
  return order.rows
    .map((row) => noisedRow(row, order))
    .filter((cell) => cell !== null)
    .sort(compareCells);
}

function noisedRow(row: BoundedRow, order: NoiseOrder): GatedCell | null {
  const query = queryOf(row);
  if (query === undefined) return null;
  const cell = releaseCell(row, query);
  const sites = row.boundedSites + noiseOf(cell, 'sites', query.sites, order);
  const variance = varianceIn(order.profile, query.sites);
  if (!passesGate(row.boundedSites, sites, leastSites(order.threshold), variance)) return null;
  return { ...cell, sites, phones: phonesOf(row, cell, query.phones, order) };
}

function phonesOf(row: BoundedRow, cell: ReleaseCell, measure: Measure | null, order: NoiseOrder): number | null {
  if (measure === null) return null;
  const phones = row.boundedDevices + noiseOf(cell, 'phones', measure, order);
  return reaches(phones, 0, PHONE_SIGMAS, varianceIn(order.profile, measure)) ? phones : null;
}

function releaseCell({ platform, category, vendor, model }: BoundedRow, { name }: Query): ReleaseCell {
  return { query: name, platform, category, vendor, model };
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
  return JSON.stringify(['rollcall.noise/1', period, query, measure, platform, category, vendor, model, digest]);
}
