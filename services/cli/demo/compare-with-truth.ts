import type { CubeRow } from '../../../schemas/cube.ts';
import { VIEWS } from '../../../schemas/fact.ts';
import type { Period } from '../../../schemas/period.ts';
import { compareCubes } from '../../simulator/compare-cubes.ts';
import type { CountsApi } from './read-counts.ts';

/** Compares every cell at or over the threshold, in every view, with the simulator's own tally. */
export async function compareWithTruth(
  counts: CountsApi,
  period: Period,
  truth: readonly CubeRow[],
  threshold: number,
): Promise<{ compared: number; cells: number }> {
  const actual = (await Promise.all(VIEWS.map((view) => counts.view(period, view)))).flat();
  return { compared: actual.length, cells: compareCubes(truth, actual, threshold).length };
}
