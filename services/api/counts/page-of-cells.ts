import type { View } from '../../../schemas/fact.ts';
import { type CellNames, carriesDevices, categoryMeant, LISTED_VIEW, totalCell } from '../../core/view-rules.ts';
import type { CountPage, CountQuery, PeriodCell } from '../../ports/count-reader.ts';
import { isWanted } from './month-cells.ts';

/** The shown cells of a view in the month that is asked for, by name. */
export type CellsOf = (view: View) => Promise<readonly PeriodCell[]>;

/**
 * A page as the store would make it, of cells that were read before: a filter, an order or the next page is no question to
 * the store. Not for text, which is searched by the store's own rules.
 */
export async function pageOfCells(query: CountQuery, cellsOf: CellsOf, held: Promise<number>): Promise<CountPage> {
  const { view, filter, sort, limit, offset } = query;
  const total = totalCell(view, filter);
  const devicesOf = carriesDevices(view) ? view : LISTED_VIEW;
  const [cells, totals, withDevices, suppressedCells] = await Promise.all([
    cellsOf(view),
    cellsOf(total.view),
    cellsOf(devicesOf),
    held,
  ]);
  const wanted = inOrder(
    cells.filter((cell) => isWanted(cell, filter)),
    sort,
  );
  const scope = { category: categoryMeant(view, filter), vendor: filter.vendor };
  const ofScope = withDevices.filter((cell) => isWanted(cell, onlyNamed(scope)));
  return {
    rows: wanted.slice(offset, offset + limit),
    more: wanted.length > offset + limit,
    totalSites: totals.find((cell) => isCell(cell, total))?.sites ?? null,
    totalDevices: ofScope.reduce((sum, { devices }) => sum + devices, 0),
    suppressedCells,
  };
}

/** Cells come by name, and the sort is stable: ties are broken by name, whichever way the numbers go. */
function inOrder(cells: readonly PeriodCell[], { by, descending }: CountQuery['sort']): PeriodCell[] {
  if (by === 'name') return descending ? cells.toReversed() : [...cells];
  return cells.toSorted((a, b) => (descending ? b[by] - a[by] : a[by] - b[by]));
}

function isCell(cell: PeriodCell, { platform, category, vendor }: CellNames): boolean {
  return cell.platform === platform && cell.category === category && cell.vendor === vendor;
}

function onlyNamed({ category, vendor }: { category: string | undefined; vendor: string | undefined }) {
  return { ...(category === undefined ? {} : { category }), ...(vendor === undefined ? {} : { vendor }) };
}
