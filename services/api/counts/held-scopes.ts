import type { View } from '../../../schemas/fact.ts';
import { scopeNames, scopesNamed } from '../../core/view-rules.ts';
import type { CellFilter, HeldScope } from '../../ports/count-reader.ts';

/** How many cells of a month are held back, by view and scope. */
export class HeldScopes {
  readonly #cells: ReadonlyMap<string, number>;

  constructor(scopes: readonly HeldScope[]) {
    this.#cells = new Map(
      scopes.map(({ view, platform, category, vendor, cells }) => [keyOf(view, [platform, category, vendor]), cells]),
    );
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Of the narrowest scope that is kept: one by vendor or platform is there for shown vendors and platforms only. */
  heldBack(view: View, filter: CellFilter): number {
    for (const columns of scopesNamed(view, filter)) {
      const cells = this.#cells.get(keyOf(view, scopeNames(columns, filter)));
      if (cells !== undefined) return cells;
    }
    return 0;
  }
}

const keyOf = (view: View, names: readonly string[]): string => [view, ...names].join('\n');
