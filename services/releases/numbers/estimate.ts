import type { ReleaseCell } from '../../../schemas/release.ts';
import { cellKey } from '../../core/release-cell.ts';

/** A noised number of phones, and the variance of its noise. */
export interface NoisedPhones {
  readonly cell: ReleaseCell;
  readonly phones: number;
  readonly variance: number;
}

/** What is known of a number once every number that it adds up with was asked. */
export interface Estimate {
  readonly value: number;
  readonly variance: number;
}

/**
 * Phones of models, makers and the fleet made to agree: a maker's are the sum of its listed models', the fleet's the sum
 * of its makers'. Weighted least squares on that tree (Hay, Rastogi, Miklau, Suciu 2010, with a weight for each number):
 * up from the leaves, then down from the root. It reads noised numbers alone, and the variances depend on no number.
 */
export function agreeingPhones(
  total: NoisedPhones,
  makers: readonly NoisedPhones[],
  models: readonly NoisedPhones[],
): ReadonlyMap<string, Estimate> {
  const found = new Map<string, Estimate>();
  const branches = makers.map((maker) => branchOf(maker, models));
  const sum = plus(branches.map(({ known }) => known));
  const whole = together(total, sum);
  found.set(cellKey(total.cell), whole);
  for (const { maker, known, below, leaves } of branches) {
    const ofMaker = share(known, sum, whole);
    found.set(cellKey(maker.cell), ofMaker);
    for (const leaf of leaves)
      found.set(cellKey(leaf.cell), share({ value: leaf.phones, variance: leaf.variance }, below, ofMaker));
  }
  return found;
}

interface Branch {
  readonly maker: NoisedPhones;
  readonly leaves: readonly NoisedPhones[];
  /** The sum of the leaves. */
  readonly below: Estimate;
  /** The maker's own number and that sum together. */
  readonly known: Estimate;
}

function branchOf(maker: NoisedPhones, models: readonly NoisedPhones[]): Branch {
  const leaves = models.filter(({ cell }) => cell.vendor === maker.cell.vendor);
  const below = plus(leaves.map(({ phones, variance }) => ({ value: phones, variance })));
  return { maker, leaves, below, known: leaves.length === 0 ? ownOf(maker) : together(maker, below) };
}

function ownOf({ phones, variance }: NoisedPhones): Estimate {
  return { value: phones, variance };
}

function plus(parts: readonly Estimate[]): Estimate {
  return parts.reduce((sum, part) => ({ value: sum.value + part.value, variance: sum.variance + part.variance }), {
    value: 0,
    variance: 0,
  });
}

/** Two independent numbers of the same thing, each by what it is worth. */
function together(own: NoisedPhones, below: Estimate): Estimate {
  const weight = below.variance / (own.variance + below.variance);
  return {
    value: own.phones * weight + below.value * (1 - weight),
    variance: own.variance * weight,
  };
}

/** A part, once more is known of the sum of all parts: each takes of the correction what its variance is of the sum's. */
function share(part: Estimate, sum: Estimate, known: Estimate): Estimate {
  const weight = part.variance / sum.variance;
  return {
    value: part.value + weight * (known.value - sum.value),
    variance: part.variance - weight ** 2 * (sum.variance - known.variance),
  };
}
