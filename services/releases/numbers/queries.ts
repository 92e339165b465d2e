import { type Cell, MAX_BOUNDED, type View } from '../../../schemas/fact.ts';
import type { QueryName } from '../../../schemas/release.ts';
import { CATEGORIES, type Category } from '../../../schemas/report.ts';
import { type BoundGroup, boundGroup, MODEL_BOUNDS, VENDOR_BOUND } from '../../core/bounds.ts';
import { ROUNDING } from '../../core/release-cell.ts';

/** A number that a release gives of each cell of a query: what one site can do to it, and the noise that hides it. */
export interface Measure {
  readonly title: string;
  /** L2 bound squared: the largest sum, over all cells, of squared changes that one site makes. */
  readonly boundSquared: number;
  /** Of the noise, s^2: an integer. */
  readonly variance: number;
  /** Published numbers are multiples of it. */
  readonly rounding: number;
}

/** One question of a release: which cells of a frozen cube it reads. */
export interface Query {
  readonly name: QueryName;
  readonly view: View;
  /** null: the view's cells whatever their category. */
  readonly categories: readonly Category[] | null;
  /** Counts the row's boundedSites. */
  readonly sites: Measure;
  /** Counts the row's boundedDevices; phone models only. */
  readonly phones: Measure | null;
}

/** PRIVACY.md section 4: the table of queries, in the order of a release. Bounds are those that ingest keeps. */
export const QUERIES: readonly Query[] = [
  query('platform', 'platform', null, sites('sites by platform', 1, 50)),
  query('platform_vendor', 'platform_vendor', null, sites('sites by platform and phone vendor', VENDOR_BOUND, 100)),
  query('phone_vendor', 'vendor', ['phone'], sites('sites by phone vendor', VENDOR_BOUND, 200)),
  {
    ...models('phone_model', 'phone', 'sites by phone model', 64),
    phones: {
      title: 'phones by model',
      boundSquared: MODEL_BOUNDS.phone * MAX_BOUNDED ** 2,
      variance: 160_000,
      rounding: ROUNDING.phones,
    },
  },
  models('endpoint_model', 'endpoint', 'sites by model of other endpoints', 100),
  models('pci_model', 'pci', 'sites by telephony card (PCI) model', 128),
  models('nic_model', 'nic', 'sites by network card model', 100),
  models('cpu', 'cpu', 'sites by CPU', 100),
  models('memory', 'memory', 'sites by memory size', 100),
  models('board', 'board', 'sites by motherboard', 100),
];

/** Every number that costs privacy. */
export const MEASURES: readonly Measure[] = QUERIES.flatMap((q) => (q.phones ? [q.sites, q.phones] : [q.sites]));

/** The query that reads the cell; undefined for cells that are in no release, such as `virtual` and unlisted ones. */
export function queryOf(cell: Pick<Cell, 'view' | 'category'>): Query | undefined {
  return QUERIES.find(
    ({ view, categories }) =>
      view === cell.view && (categories === null || (cell.category !== '' && categories.includes(cell.category))),
  );
}

export function queryNamed(name: QueryName): Query {
  const found = QUERIES.find((query) => query.name === name);
  if (!found) throw new RangeError('no such query');
  return found;
}

/** Whether the query's cells are models: released from a large enough sample only. */
export function isOfModels(name: QueryName): boolean {
  return queryNamed(name).view === 'model';
}

function query(name: QueryName, view: View, categories: readonly Category[] | null, measure: Measure): Query {
  return { name, view, categories, sites: measure, phones: null };
}

function models(name: QueryName, group: BoundGroup, title: string, variance: number): Query {
  const categories = CATEGORIES.filter((category) => boundGroup(category) === group);
  return query(name, 'model', categories, sites(title, MODEL_BOUNDS[group], variance));
}

/** A site adds 1 to each of at most `most` cells: the sum of squares is their number. */
function sites(title: string, most: number, variance: number): Measure {
  return { title, boundSquared: most, variance, rounding: ROUNDING.sites };
}
