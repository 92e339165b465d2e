import type { Category } from '../../schemas/cell-names.ts';
import type { Fact, View } from '../../schemas/fact.ts';
import { hasColumn, LISTED_VIEW } from '../core/view-rules.ts';
import { VIEW_TABLE } from '../core/views.ts';

/** A fact that is not finished. */
export type Draft = { -readonly [K in keyof Fact]: Fact[K] };

/** A view whose facts are made from another view's, with what its row says laid out for the loop over facts. */
export interface Derivation {
  readonly view: View;
  /** The place of the view that it is made from among {@link DERIVATIONS}; -1: from the models that the catalogue knows. */
  readonly source: number;
  readonly only: Category | undefined;
  readonly carriesDevices: boolean;
  readonly platform: boolean;
  readonly category: boolean;
  readonly vendor: boolean;
  readonly model: boolean;
}

const ORDER = (Object.keys(VIEW_TABLE) as View[]).filter(
  (view) => !['report', 'lines'].includes(VIEW_TABLE[view].from),
);
/** In an order in which each comes behind the one that it is made from: that of the table. */
export const DERIVATIONS: readonly Derivation[] = ORDER.map(derivationOf);

function derivationOf(view: View, place: number): Derivation {
  const { from, only, devices } = VIEW_TABLE[view];
  const source = ORDER.indexOf(from as View);
  if (from !== LISTED_VIEW && (source < 0 || source >= place))
    throw new RangeError(`the view ${view} stands before ${from}`);
  return {
    ...{ view, source, only, carriesDevices: devices === 'own' },
    platform: hasColumn(view, 'platform'),
    category: hasColumn(view, 'category'),
    vendor: hasColumn(view, 'vendor'),
    model: hasColumn(view, 'model'),
  };
}

/**
 * The facts of the view, one for each cell that the source's facts fall into, with the sum of their counts. A vendor of
 * no name (memory has none) is no answer to anything.
 */
export function derive(derivation: Derivation, source: readonly Draft[], platform: string): Draft[] {
  const { view, only } = derivation;
  const cells: Draft[] = [];
  for (const fact of source) {
    if ((only !== undefined && fact.category !== only) || (derivation.vendor && fact.vendor === '')) continue;
    const category = derivation.category ? fact.category : '';
    const vendor = derivation.vendor ? fact.vendor : '';
    const model = derivation.model ? fact.model : '';
    const made = cellIn(cells, category, vendor, model);
    if (made) made.count += fact.count;
    else cells.push(draft(view, derivation.platform ? platform : '', category, vendor, model, fact.count));
  }
  return cells;
}

/** One after the other: a site has few cells of a view, and a map costs more than looking at them. */
function cellIn(cells: readonly Draft[], category: string, vendor: string, model: string): Draft | undefined {
  for (const cell of cells)
    if (cell.vendor === vendor && cell.category === category && cell.model === model) return cell;
  return undefined;
}

export function draft(
  view: View,
  platform: string,
  category: Category | '',
  vendor: string,
  model: string,
  count: number,
): Draft {
  return { view, platform, category, vendor, model, key: 0, count, version: 0 };
}
