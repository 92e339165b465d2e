import * as z from 'zod';
import { SEARCHED_VIEWS, type SearchAnswer } from '../../../schemas/answers/search.ts';
import { Period } from '../../../schemas/period.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { name, wholeNumber } from '../../http/query-parts.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { namesOf } from './cell-filter.ts';
import type { Reading } from './reading.ts';
import { type CountsDeps, chosenPeriod, takenAt } from './snapshots.ts';

export const SearchQuery = z.strictObject({
  q: name,
  period: Period.optional(),
  limit: wholeNumber(1, 1000, 20),
  offset: wholeNumber(0, 1_000_000, 0),
});
export type SearchQuery = z.infer<typeof SearchQuery>;

/** Shown models, vendors and platforms in whose names every word of `q` occurs; those on the most sites first. */
export async function search(query: SearchQuery, deps: CountsDeps): Promise<Reading<SearchAnswer>> {
  const { period, snapshot } = await chosenPeriod(query.period, deps);
  const { limit, offset } = query;
  return {
    snapshots: snapshot ? [snapshot] : [],
    path: '/v1/search',
    parameters: { ...query, period },
    answer: async () => {
      const found = snapshot ? await matches(query.q, snapshot, deps) : [];
      return {
        period,
        snapshotAt: takenAt(snapshot),
        provisional: snapshot?.provisional ?? true,
        threshold: deps.threshold,
        results: found.slice(offset, offset + limit).map(({ kind, cell }) => ({
          kind,
          ...namesOf(kind, cell),
          sites: cell.sites,
        })),
        next: found.length > offset + limit ? offset + limit : null,
      };
    },
    next: (answer) => answer.next,
  };
}

async function matches(
  q: string,
  snapshot: Snapshot,
  { store, threshold }: CountsDeps,
): Promise<{ kind: (typeof SEARCHED_VIEWS)[number]; cell: PeriodCell }[]> {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const longest = words.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined) return [];
  const found = await Promise.all(
    SEARCHED_VIEWS.map(async (kind) => {
      const cells = await store.cells({ snapshots: [snapshot], view: kind, filter: { q: longest }, threshold });
      return cells.map((cell) => ({ kind, cell }));
    }),
  );
  return (
    found
      .flat()
      .filter(({ cell }) => words.every((word) => textOf(cell).includes(word)))
      // The sort is stable: of equals by kind, then by name.
      .sort((a, b) => b.cell.sites - a.cell.sites)
  );
}

function textOf({ platform, vendor, model }: PeriodCell): string {
  return `${platform} ${vendor} ${model}`.toLowerCase();
}

export function searchTable({ period, provisional, threshold, results }: SearchAnswer): Table {
  return tableOf(
    {
      period: 'text',
      kind: 'text',
      platform: 'text',
      category: 'text',
      vendor: 'text',
      model: 'text',
      sites: 'whole',
      provisional: 'flag',
      threshold: 'whole',
    },
    results.map((result) => ({ period, ...result, provisional, threshold })),
  );
}
