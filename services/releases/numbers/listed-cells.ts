import type { QueryName, ReleaseCell } from '../../../schemas/release.ts';
import { CATEGORY_TABLE, GROUPS } from '../../core/categories.ts';
import type { ListedNames } from '../../identify/listed-names.ts';
import { compareCells } from './cell.ts';

/** Every cell that a release of the period may have: each gets noise, whether any site has it or not. */
export function listedCells({ platforms, models }: ListedNames): ReleaseCell[] {
  const ofModels = models.flatMap(({ category, vendor, model }): ReleaseCell[] => {
    const { query } = GROUPS[CATEGORY_TABLE[category].group];
    // A phone without a maker would be in the sum of the fleet and in that of no maker.
    return query === null || (query === 'phone_model' && vendor === '')
      ? []
      : [cell(query, { category, vendor, model })];
  });
  const makers = new Set(ofModels.flatMap(({ query, vendor }) => (query === 'phone_model' ? [vendor] : [])));
  const cells = [
    cell('all'),
    cell('at_cap'),
    ...platforms.map((platform) => cell('platform', { platform })),
    ...platforms.flatMap((platform) => [...makers].map((vendor) => cell('platform_vendor', { platform, vendor }))),
    ...[...makers].map((vendor) => cell('phone_vendor', { category: 'phone', vendor })),
    ...ofModels,
  ];
  return cells
    .sort(compareCells)
    .filter((one, i, sorted) => i === 0 || compareCells(one, sorted[i - 1] as ReleaseCell) !== 0);
}

function cell(query: QueryName, names: Partial<ReleaseCell> = {}): ReleaseCell {
  return { platform: '', category: '', vendor: '', model: '', ...names, query };
}
