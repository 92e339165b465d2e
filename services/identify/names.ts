import type { Card, ModelFile } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
import { CATEGORY_TABLE, type CategoryDefinition } from '../core/categories.ts';
import { nameOf } from './name.ts';

/** A name of the list, in the spelling under which it counts. */
export interface Listed {
  readonly kind: 'listed';
  readonly category: Category;
  readonly vendor: string;
  readonly model: string;
}

interface Entry {
  readonly name: Listed;
  readonly also: readonly Category[];
}

/** Names are looked for among their kind: a card is never taken for a phone of the same name. */
type Family = CategoryDefinition['recognisedAs'];

/**
 * The closed list: which names are models. A name is looked up without regard to case, blanks, `-` and `_`, and comes
 * back in the list's spelling, so that `X11DPI-N` and `X11DPi-N` are one model.
 */
export class Names {
  private readonly families: Readonly<Record<Family, Map<string, Spellings>>> = {
    endpoint: new Map(),
    card: new Map(),
    cpu: new Map(),
    machine: new Map(),
    memory: new Map(),
  };
  private readonly numeric = new Set<string>();
  private readonly makers = new Map<Category, Set<string>>();

  constructor(files: readonly ModelFile[], cards: readonly Card[], period: Period) {
    for (const { category, also = [], vendor, since, models } of files.flatMap(({ groups }) => groups)) {
      if (since > period) continue;
      for (const model of models) this.learn({ kind: 'listed', category, vendor: nameOf(vendor), model }, also);
    }
    for (const { category, vendor, model, since } of cards)
      if (since <= period && model !== '') this.learn({ kind: 'listed', category, vendor: nameOf(vendor), model }, []);
  }

  private learn(given: Listed, also: readonly Category[]): void {
    const name = { ...given, model: nameOf(given.model) };
    const family = this.families[familyOf(name.category)];
    const spellings = family.get(name.vendor) ?? new Map<string, Entry>();
    family.set(name.vendor, spellings);
    const folded = fold(name.model);
    const entry = spellings.get(folded) ?? { name, also };
    spellings.set(folded, entry);
    if (entry.name === name) spellings.set(name.model, entry);
    if (/^[0-9]+$/.test(name.model)) this.numeric.add(name.vendor);
    for (const category of [name.category, ...entry.also])
      this.makers.set(category, (this.makers.get(category) ?? new Set()).add(name.vendor));
  }

  /** The listed name behind a vendor and a model, whatever its category in the family; `given` is kept where it may be. */
  find(given: Category, vendor: string, model: string): Listed | undefined {
    const spellings = this.families[familyOf(given)].get(vendor);
    if (!spellings) return undefined;
    const entry = spellings.get(model) ?? spellings.get(fold(model));
    if (!entry || entry.name.category === given) return entry?.name;
    return entry.also.includes(given) ? { ...entry.name, category: given } : entry.name;
  }

  /** Whether {@link find} may answer a model of this category and this maker. */
  has(category: Category, vendor: string): boolean {
    return this.makers.get(category)?.has(vendor) ?? false;
  }

  /** Whether models of this maker are plain numbers. */
  countsIn(vendor: string): boolean {
    return this.numeric.has(vendor);
  }

  /** Everything that {@link find} may answer, once. */
  all(): Listed[] {
    const entries = Object.values(this.families).flatMap((family) =>
      [...family.values()].flatMap((s) => [...s.values()]),
    );
    return [...new Set(entries)].flatMap(({ name, also }) => [
      name,
      ...also.filter((category) => category !== name.category).map((category) => ({ ...name, category })),
    ]);
  }

  /** The words of letters that more than one name of the list has: one alone may be anybody's. */
  words(): Set<string> {
    const names = new Set<Listed>();
    for (const family of Object.values(this.families))
      for (const spellings of family.values()) for (const { name } of spellings.values()) names.add(name);
    const seen = new Map<string, number>();
    for (const { model } of names)
      for (const word of new Set(model.toLowerCase().match(/[a-z]{4,}/g))) seen.set(word, (seen.get(word) ?? 0) + 1);
    return new Set([...seen].filter(([, times]) => times > 1).map(([word]) => word));
  }
}

/** A maker's names, by their spelling and by their spelling without case, blanks, `-` and `_`. */
type Spellings = Map<string, Entry>;

function familyOf(category: Category): Family {
  return CATEGORY_TABLE[category].recognisedAs;
}

function fold(model: string): string {
  return model.toLowerCase().replace(/[ _-]+/g, '');
}
