import type { Category } from '../../schemas/cell-names.ts';
import type { QueryName } from '../../schemas/release.ts';

/** Categories whose models share one bound and one question of a release (PRIVACY.md section 3). */
export interface Group {
  /** How many models of the group one site may add to a release. */
  readonly most: number;
  /** What a model inside the bound adds: its devices, up to MAX_BOUNDED, or its presence. */
  readonly adds: 'devices' | 'presence';
  /** The question that reads its models; null: they are in no release. */
  readonly query: QueryName | null;
}

export type GroupName = 'phone' | 'endpoint' | 'pci' | 'nic' | 'cpu' | 'memory' | 'board' | 'virtual';

/** "endpoint" is every kind of endpoint but phones together. */
export const GROUPS: Readonly<Record<GroupName, Group>> = {
  phone: { most: 8, adds: 'devices', query: 'phone_model' },
  endpoint: { most: 8, adds: 'presence', query: 'endpoint_model' },
  pci: { most: 4, adds: 'presence', query: 'pci_model' },
  nic: { most: 2, adds: 'presence', query: 'nic_model' },
  cpu: { most: 1, adds: 'presence', query: 'cpu' },
  memory: { most: 1, adds: 'presence', query: 'memory' },
  board: { most: 1, adds: 'presence', query: 'board' },
  virtual: { most: 0, adds: 'presence', query: null },
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
