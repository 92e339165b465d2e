import type { Category } from '../../schemas/cell-names.ts';
import type { View } from '../../schemas/fact.ts';
import { hasColumn, LISTED_VIEW } from '../core/view-rules.ts';
import { VIEW_TABLE } from '../core/views.ts';
import { type KnownCell, knownCell, sameCell } from './known-cell.ts';

/** A cell that the site is in, and how much it has of it. */
export interface CountedCell {
  readonly cell: KnownCell;
  count: number;
}

/** A view whose facts are made from another view's, with what its row says laid out for the loop over facts. */
export interface Derivation {
  readonly view: View;
  /** Its own place among {@link DERIVATIONS}. */
  readonly place: number;
  /** The place of the view that it is made from; -1: from the models that the catalogue knows. */
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
    ...{ view, place, source, only, carriesDevices: devices === 'own' },
    platform: hasColumn(view, 'platform'),
    category: hasColumn(view, 'category'),
    vendor: hasColumn(view, 'vendor'),
    model: hasColumn(view, 'model'),
  };
}

/** The cells of the view that the source's fall into, each with the sum of their counts. */
export function derive(derivation: Derivation, source: readonly CountedCell[], platform: string): CountedCell[] {
  const cells: CountedCell[] = [];
  for (const { cell, count } of source) {
    const coarser = derivation.platform ? coarserOf(cell, derivation, platform) : knownCoarser(cell, derivation);
    if (coarser === null) continue;
    const there = countedIn(cells, coarser);
    if (there) there.count += count;
    else cells.push({ cell: coarser, count });
  }
  return cells;
}

/** One after the other: a site has few cells of a view, and a map costs more than looking at them. */
export function countedIn(cells: readonly CountedCell[], cell: KnownCell): CountedCell | undefined {
  for (const one of cells) if (sameCell(one.cell, cell)) return one;
  return undefined;
}

function knownCoarser(cell: KnownCell, derivation: Derivation): KnownCell | null {
  const known = cell.coarser[derivation.place];
  if (known !== undefined) return known;
  const coarser = coarserOf(cell, derivation, '');
  cell.coarser[derivation.place] = coarser;
  return coarser;
}

/** Null where the view does not count it. A vendor of no name (memory has none) is no answer to anything. */
function coarserOf(cell: KnownCell, derivation: Derivation, platform: string): KnownCell | null {
  const { view, only } = derivation;
  if ((only !== undefined && cell.category !== only) || (derivation.vendor && cell.vendor === '')) return null;
  return knownCell({
    ...{ view, platform },
    category: derivation.category ? cell.category : '',
    vendor: derivation.vendor ? cell.vendor : '',
    model: derivation.model ? cell.model : '',
  });
}
