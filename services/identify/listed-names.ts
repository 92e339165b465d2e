import type { Catalog } from '../../schemas/catalog.ts';
import type { Mapping } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
import { newestMappings } from '../core/mapping.ts';
import { nameOf } from './name.ts';
import { Names } from './names.ts';
import { OTHER } from './platform.ts';
import { PLATFORM_VERSIONS } from './platform-versions.ts';

/** What a period's reports may be identified as: public, and known before it begins. */
export interface ListedNames {
  readonly platforms: readonly string[];
  readonly models: readonly { readonly category: Category; readonly vendor: string; readonly model: string }[];
}

/** Memory is a number, rounded to a power of two: 1 GiB to 32 TiB. */
const MEMORY_SIZES = Array.from({ length: 16 }, (_, power) => `${2 ** power} GiB`);

export function listedNames(catalog: Catalog, mappings: readonly Mapping[], period: Period): ListedNames {
  const memory = MEMORY_SIZES.map((model) => ({ category: 'memory' as const, vendor: '', model }));
  const ofList = new Names(catalog.models, catalog.pci.cards, period).all();
  const mapped = [...newestMappings(mappings).values()].flatMap(({ since, to }) => (to && since <= period ? [to] : []));
  return { platforms: platformsOf(catalog), models: [...ofList, ...memory, ...mapped] };
}

function platformsOf({ rules }: Catalog): string[] {
  const names = rules
    .filter(({ scope }) => scope === 'platform')
    .flatMap((file) => file.rules.map(({ model }) => nameOf(model)));
  const versions = (name: string): string[] => {
    const [from, to] = PLATFORM_VERSIONS[name] ?? [1, 0];
    return Array.from({ length: to - from + 1 }, (_, i) => `${name} ${from + i}`);
  };
  return [...new Set([OTHER, ...names])].flatMap((name) => [name, ...versions(name)]);
}
