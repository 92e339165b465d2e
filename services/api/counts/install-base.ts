import * as z from 'zod';
import type { InstallBaseAnswer } from '../../../schemas/answers/install-base.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { periodRange, rangeProblems, refuse } from '../../http/query-parts.ts';
import { filterOf } from './cell-filter.ts';
import { noteOf } from './notes.ts';
import type { Reading } from './reading.ts';
import { type CountsDeps, chosenRange, takenAt } from './snapshots.ts';

const Plain = z.strictObject({ category: z.enum(CATEGORIES).optional(), ...periodRange });
export type InstallBaseQuery = z.infer<typeof Plain>;
export const InstallBaseQuery = Plain.superRefine(refuse(rangeProblems));

/** How many sites there are, and how many devices of shown models they have, period by period; of one category or of all. */
export async function installBase(query: InstallBaseQuery, deps: CountsDeps): Promise<Reading<InstallBaseAnswer>> {
  const { from, to, snapshots } = await chosenRange(query, deps);
  const { category } = query;
  return {
    snapshots,
    path: '/v1/install-base',
    parameters: { category, from, to },
    answer: async () => {
      const view = category === undefined ? 'site' : 'category';
      const shown = await deps.store.cells({
        snapshots,
        view,
        filter: filterOf({ category }),
        threshold: deps.threshold,
      });
      const cellIn = new Map(shown.map((cell) => [cell.period, cell]));
      const points = snapshots.map((snapshot) => {
        const { period, provisional } = snapshot;
        const { sites = null, devices = null } = cellIn.get(period) ?? {};
        return { period, provisional, snapshotAt: takenAt(snapshot), sites, devices };
      });
      return { category: category ?? null, from, to, threshold: deps.threshold, points, ...noteOf(view) };
    },
  };
}

export function installBaseTable({ category, threshold, points }: InstallBaseAnswer): Table {
  return tableOf(
    {
      category: 'text',
      period: 'text',
      provisional: 'flag',
      snapshotAt: 'text',
      sites: 'whole',
      devices: 'whole',
      threshold: 'whole',
    },
    points.map((point) => ({ category, ...point, threshold })),
  );
}
