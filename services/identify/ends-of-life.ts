import type { Catalog } from '../../schemas/catalog.ts';
import { nameKey } from '../core/mapping.ts';
import { nameOf } from './name.ts';

/** Until when a maker sold a model and supports it, and where it says so. A month or a day each. */
export interface EndOfLife {
  readonly sold: string;
  /** Null where the maker does not say. */
  readonly supported: string | null;
  readonly source: string;
}

/** What the catalogue knows of the ends of models, by {@link nameKey} of their names in the list. */
export function endsOfLife({ models, sources }: Pick<Catalog, 'models' | 'sources'>): ReadonlyMap<string, EndOfLife> {
  const ends = new Map<string, EndOfLife>();
  for (const { category, also = [], vendor, eol = {} } of models.flatMap(({ groups }) => groups))
    for (const [model, [sold, source, supported = null]] of Object.entries(eol))
      for (const one of [category, ...also])
        ends.set(nameKey({ category: one, vendor: nameOf(vendor), model: nameOf(model) }), {
          sold,
          supported,
          source: sources[source] ?? source,
        });
  return ends;
}
