import type { Category } from '../../schemas/cell-names.ts';
import type { QueryName } from '../../schemas/release.ts';
import type { Lane } from '../../schemas/slot.ts';

/** Categories whose models share the slots of one lane and one question of a release; null: they are in no release. */
export interface Group {
  readonly lane: Lane | null;
  readonly query: QueryName | null;
}

export type GroupName = 'phone' | 'endpoint' | 'pci' | 'nic' | 'cpu' | 'memory' | 'board' | 'virtual';

/** "endpoint" is every kind of endpoint but phones together. */
export const GROUPS: Readonly<Record<GroupName, Group>> = {
  phone: { lane: 'phones', query: 'phone_model' },
  endpoint: { lane: 'endpoints', query: 'endpoint_model' },
  pci: { lane: 'cards', query: 'pci_model' },
  nic: { lane: 'nics', query: 'nic_model' },
  cpu: { lane: 'cpus', query: 'cpu' },
  memory: { lane: 'memories', query: 'memory' },
  board: { lane: 'boards', query: 'board' },
  virtual: { lane: null, query: null },
};

export interface CategoryDefinition {
  readonly group: GroupName;
  /** What a line of the category is recognised as: which of the catalogue's rules are tried on it. */
  readonly recognisedAs: 'endpoint' | 'card' | 'cpu' | 'memory' | 'machine';
}

/** What each category is: the only place that says so. */
export const CATEGORY_TABLE: Readonly<Record<Category, CategoryDefinition>> = {
  phone: { group: 'phone', recognisedAs: 'endpoint' },
  softphone: { group: 'endpoint', recognisedAs: 'endpoint' },
  mobile: { group: 'endpoint', recognisedAs: 'endpoint' },
  dect: { group: 'endpoint', recognisedAs: 'endpoint' },
  ata: { group: 'endpoint', recognisedAs: 'endpoint' },
  gateway: { group: 'endpoint', recognisedAs: 'endpoint' },
  doorphone: { group: 'endpoint', recognisedAs: 'endpoint' },
  conference: { group: 'endpoint', recognisedAs: 'endpoint' },
  headset: { group: 'endpoint', recognisedAs: 'endpoint' },
  pci: { group: 'pci', recognisedAs: 'card' },
  nic: { group: 'nic', recognisedAs: 'card' },
  cpu: { group: 'cpu', recognisedAs: 'cpu' },
  memory: { group: 'memory', recognisedAs: 'memory' },
  board: { group: 'board', recognisedAs: 'machine' },
  virtual: { group: 'virtual', recognisedAs: 'machine' },
};
