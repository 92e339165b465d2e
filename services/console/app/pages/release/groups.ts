import type { ReleasedCell as Cell, ReleaseShown } from '../../lib/release.ts';
import { many } from '../../lib/words.ts';

export interface Group {
  readonly title: string;
  readonly sub: string;
  readonly head: string;
  readonly cells: readonly Cell[];
  readonly name: (cell: Cell) => string;
  readonly phones: boolean;
}

export function groupsOf({ cells, vendors }: ReleaseShown, own: boolean): Group[] {
  const brands = vendors.length > 1;
  const modelName = (cell: Cell) => (brands ? `${cell.vendor} ${cell.model}` : cell.model);
  const marks = 'Between the two marks of a bar is the truth, 95 times of 100';
  const of = (queries: readonly string[]) =>
    cells.filter(({ query }) => queries.includes(query)).toSorted((a, b) => b.sites - a.sites);
  const whose = own ? 'Your' : 'Their';
  // A party that may see a platform gets every maker's phones on it.
  const theirs = new Set([...vendors, ...of(['phone_model', 'endpoint_model'])].map(({ vendor }) => vendor));
  const onPlatforms = of(['platform_vendor']);
  const all: Group[] = [
    {
      title: `${whose} phone models`,
      sub: marks,
      head: 'Model',
      cells: of(['phone_model']),
      name: modelName,
      phones: true,
    },
    {
      title: `Where ${whose.toLowerCase()} phones are`,
      sub: 'Sites of a platform that have these phones',
      head: 'Platform',
      cells: onPlatforms.filter(({ vendor }) => theirs.has(vendor)),
      name: ({ platform, vendor }) => (brands ? `${platform}, ${vendor}` : platform),
      phones: false,
    },
    {
      title: 'Other makers on the platforms',
      sub: 'Sites of a platform that have phones of the maker',
      head: 'Platform and maker',
      cells: onPlatforms.filter(({ vendor }) => !theirs.has(vendor)),
      name: ({ platform, vendor }) => `${platform}, ${vendor}`,
      phones: false,
    },
    {
      title: `${whose} other endpoints`,
      sub: marks,
      head: 'Model',
      cells: of(['endpoint_model']),
      name: (cell) => `${modelName(cell)} (${many(cell.category)})`,
      phones: false,
    },
    {
      title: `${whose} cards and servers`,
      sub: marks,
      head: 'Name',
      cells: of(['pci_model', 'nic_model', 'cpu', 'memory', 'board']),
      name: (cell) => `${modelName(cell)} (${many(cell.category)})`,
      phones: false,
    },
    {
      title: 'Platforms',
      sub: 'Sites of each',
      head: 'Platform',
      cells: of(['platform']),
      name: ({ platform }) => platform,
      phones: false,
    },
  ];
  return all.filter((group) => group.cells.length > 0);
}
