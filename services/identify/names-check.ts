import type { Catalog, ModelGroup } from '../../schemas/catalog.ts';
import { NAME_PATTERN } from '../../schemas/fact.ts';
import type { Category } from '../../schemas/report.ts';
import type { Identifier } from './identity.ts';
import { nameOf } from './name.ts';

/** What is wrong with one name of the list. */
export interface NameFault {
  readonly category: Category;
  readonly vendor: string;
  readonly model: string;
  readonly fault: string;
}

const LEAST: Readonly<Record<string, number>> = { endpoints: 1_500, cards: 300, processors: 1_000, machines: 1_500 };
const KINDS: Readonly<Partial<Record<Category, string>>> = {
  pci: 'cards',
  nic: 'cards',
  cpu: 'processors',
  board: 'machines',
  virtual: 'machines',
};

/** Which names of the list stand twice, and which are misspelt: they cannot be stored, or are not their own name. */
export function checkNames(catalog: Catalog, identifier: Identifier): NameFault[] {
  const groups = catalog.models.flatMap((file) => file.groups);
  return [...doubled(groups, catalog), ...groups.flatMap((group) => misspelt(group, catalog, identifier))];
}

/** How many names there are of each kind. */
export function countNames(catalog: Catalog): ReadonlyMap<string, number> {
  const counts = new Map(Object.keys(LEAST).map((kind) => [kind, 0]));
  const add = (category: Category, n: number) => {
    const kind = KINDS[category] ?? 'endpoints';
    counts.set(kind, (counts.get(kind) ?? 0) + n);
  };
  for (const { category, models } of catalog.models.flatMap((file) => file.groups)) add(category, models.length);
  for (const { category, model } of catalog.pci.cards) if (model !== '') add(category, 1);
  return counts;
}

/** The kinds of which the list must have more. */
export function tooFew(catalog: Catalog): string[] {
  const counts = countNames(catalog);
  return Object.entries(LEAST).flatMap(([kind, least]) => ((counts.get(kind) ?? 0) < least ? [kind] : []));
}

function doubled(groups: readonly ModelGroup[], catalog: Catalog): NameFault[] {
  const seen = new Map(
    catalog.pci.cards.map(({ category, vendor, model }) => [keyOf(category, vendor, model), 'the table of ids']),
  );
  return groups.flatMap(({ category, vendor, models }) =>
    models.flatMap((model) => {
      const key = keyOf(category, vendor, model);
      const before = seen.get(key);
      seen.set(key, `${category} ${model}`);
      return before === undefined ? [] : [{ category, vendor, model, fault: `doubled: also ${before}` }];
    }),
  );
}

function keyOf(category: Category, vendor: string, model: string): string {
  return `${KINDS[category] ?? 'endpoints'}|${vendor}|${nameOf(model).toLowerCase().replace(/[ _-]/g, '')}`;
}

/** What the grammar makes of a User-Agent of this name, when that is another model. */
function readAs({ category, vendor }: ModelGroup, name: string, identifier: Identifier): string | undefined {
  if (KINDS[category] !== undefined || category === 'softphone' || category === 'mobile') return undefined;
  const brand = name.startsWith(vendor) ? '' : `${vendor} `;
  const read = identifier.raw('user-agent', `${brand}${name}/1.20.3`);
  if (read.kind === 'refused') return read.reason;
  return read.vendor === nameOf(vendor) && read.model === name ? undefined : `${read.vendor} ${read.model}`;
}

function misspelt(group: ModelGroup, catalog: Catalog, identifier: Identifier): NameFault[] {
  const { category, vendor, models, source, eol = {} } = group;
  const of = (model: string, fault: string): NameFault => ({ category, vendor, model, fault });
  const known = vendor === '' || catalog.vendors.some(({ name }) => name === vendor);
  const sources = [source, ...Object.values(eol).map(([, from]) => from)];
  return [
    ...(known ? [] : [of('', 'vendor is not in the list of vendors')]),
    ...sources.filter((key) => !(key in catalog.sources)).map((key) => of('', `no source ${key}`)),
    ...Object.keys(eol)
      .filter((model) => !models.includes(model))
      .map((model) => of(model, 'end of life of a name that is not listed')),
    ...Object.entries(eol)
      .filter(([, [sold, , supported = sold]]) => supported < sold)
      .map(([model]) => of(model, 'its support ends before its sale')),
    ...models.flatMap((model) => {
      const name = nameOf(model);
      if (name !== name.trim() || !NAME_PATTERN.test(name)) return [of(model, 'cannot be stored')];
      const again = identifier.line({ category, vendor: nameOf(vendor), model: name });
      const itself = again.kind === 'listed' && again.category === category && again.model === name;
      if (!itself) return [of(model, 'is not its own name')];
      const read = readAs(group, name, identifier);
      return read === undefined ? [] : [of(model, `a User-Agent with it is read as ${read}`)];
    }),
  ];
}
