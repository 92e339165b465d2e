import { type Cell, MAX_BOUNDED, VIEWS, type View } from '../../../schemas/fact.ts';
import { QUERY_NAMES, type QueryName } from '../../../schemas/release.ts';
import { CATEGORIES, type Category } from '../../../schemas/report.ts';
import { CATEGORY_TABLE, GROUPS, type GroupName } from '../../core/categories.ts';
import { ROUNDING } from '../../core/release-cell.ts';
import { LISTED_VIEW } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';

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

/** What a number is called, and the variance of its noise. */
type Noise = readonly [title: string, variance: number];

/** PRIVACY.md section 4. Which cells a query reads and what a site can do to them is said with views and categories. */
const NOISE: Readonly<Record<QueryName, { readonly sites: Noise; readonly phones?: Noise }>> = {
  platform: { sites: ['sites by platform', 50] },
  platform_vendor: { sites: ['sites by platform and phone vendor', 100] },
  phone_vendor: { sites: ['sites by phone vendor', 200] },
  phone_model: { sites: ['sites by phone model', 64], phones: ['phones by model', 160_000] },
  endpoint_model: { sites: ['sites by model of other endpoints', 100] },
  pci_model: { sites: ['sites by telephony card (PCI) model', 128] },
  nic_model: { sites: ['sites by network card model', 100] },
  cpu: { sites: ['sites by CPU', 100] },
  memory: { sites: ['sites by memory size', 100] },
  board: { sites: ['sites by motherboard', 100] },
};

/** In the order of a release. Bounds are those that ingest keeps. */
export const QUERIES: readonly Query[] = QUERY_NAMES.map(query);

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
  return queryNamed(name).view === LISTED_VIEW;
}

function query(name: QueryName): Query {
  const view = VIEWS.find((one) => VIEW_TABLE[one].queries.includes(name));
  if (view === undefined) throw new RangeError(`no view is read by ${name}`);
  const { categories, most } = readBy(name, view);
  const { sites, phones } = NOISE[name];
  return {
    ...{ name, view, categories },
    sites: measure(sites, most, ROUNDING.sites),
    phones: phones ? measure(phones, most * MAX_BOUNDED ** 2, ROUNDING.phones) : null,
  };
}

/** Which of the view's cells the query reads, and in how many of them one site can be. */
function readBy(name: QueryName, view: View): { categories: readonly Category[] | null; most: number } {
  const { bounded, from } = VIEW_TABLE[view];
  if (bounded === 'one') return { categories: null, most: 1 };
  if (bounded === 'source') return { categories: null, most: readBy(name, from as View).most };
  if (typeof bounded === 'object') return { categories: [bounded.of], most: bounded.most };
  const group = (Object.keys(GROUPS) as GroupName[]).find((one) => GROUPS[one].query === name);
  if (bounded === 'none' || group === undefined) throw new RangeError(`${name} reads what nothing bounds`);
  const categories = CATEGORIES.filter((category) => CATEGORY_TABLE[category].group === group);
  return { categories, most: GROUPS[group].most };
}

/** A site adds 1 (phones: up to MAX_BOUNDED) to each of so many cells: the bound is the sum of the squares. */
function measure([title, variance]: Noise, boundSquared: number, rounding: number): Measure {
  return { title, boundSquared, variance, rounding };
}
