import { median } from './compare.ts';

/** Of one number that is released: how far it is off, and whether its margin holds the truth with bounds and without. */
export interface Deviation {
  readonly error: number;
  readonly relative: number;
  readonly holdsTruth: boolean;
  readonly holdsBounded: boolean;
}

export function deviation(value: number, margin: number, truth: number, bounded: number): Deviation {
  const error = Math.abs(value - truth);
  return {
    error,
    relative: error / truth,
    holdsTruth: error <= margin,
    holdsBounded: Math.abs(value - bounded) <= margin,
  };
}

/** Median error and median relative error. */
export function errorOf(deviations: readonly Deviation[]): string {
  if (deviations.length === 0) return 'none released';
  const error = Math.round(median(deviations.map((each) => each.error)));
  return `${error.toLocaleString('en')} (${percent(median(deviations.map(({ relative }) => relative)))})`;
}

/** Share of numbers whose margin holds the truth, and the truth with its bounds. */
export function holding(deviations: readonly Deviation[]): string {
  if (deviations.length === 0) return '-';
  const share = (of: (each: Deviation) => boolean) => percent(deviations.filter(of).length / deviations.length);
  return `${share(({ holdsTruth }) => holdsTruth)} (${share(({ holdsBounded }) => holdsBounded)})`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
