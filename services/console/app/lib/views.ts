import { monthYear } from './format.ts';
import { capital, EXPLORE_VIEWS, many } from './words.ts';

/** What an address of the console shows, in words: nobody types a title. */
export interface ViewWords {
  readonly title: string;
  /** The months, where the address names them. */
  readonly months: string;
}

export function wordsOfView(address: string): ViewWords {
  const { names, params } = partsOf(address);
  const [period, compare] = [params.get('period') ?? params.get('to'), params.get('compare') ?? params.get('from')];
  const months = [period, compare].filter((one) => one !== null).map(monthYear);
  return { title: titleOf(names, params), months: months.join(' against ') };
}

function titleOf([page, ...names]: readonly string[], params: URLSearchParams): string {
  const category = params.get('category') ?? 'phone';
  const ofCategory = category === 'phone' ? '' : `, ${many(category)}`;
  if (page === 'models') return names.slice(1).join(' ');
  if (page === 'makers') return `${names[0]}${ofCategory}`;
  if (page === 'platforms') return names[0] ?? '';
  if (page === 'movers') return `Movers: ${params.get('view') === 'vendor' ? 'makers' : 'models'} of ${many(category)}`;
  return exploredTitle(params, category);
}

function exploredTitle(params: URLSearchParams, category: string): string {
  const cells = params.getAll('cell');
  if (cells.length > 1) return `${cells.map((cell) => cell.split(':').at(-1)).join(', ')} compared`;
  const view = params.get('view') ?? 'model';
  const label = EXPLORE_VIEWS.find((known) => known.view === view)?.label ?? capital(view);
  const what = view === 'model' || view === 'vendor' ? `${label} of ${many(category)}` : label;
  const scope = [params.get('vendor'), params.get('platform')].filter((one) => one !== null);
  return [what, ...scope, ...(params.get('by') === 'devices' ? ['by devices'] : [])].join(', ');
}

export function partsOf(address: string): { readonly names: readonly string[]; readonly params: URLSearchParams } {
  const { pathname, searchParams } = new URL(address, location.origin);
  searchParams.sort();
  return { names: pathname.slice(1).split('/').map(decodeURIComponent), params: searchParams };
}

/** Whether two addresses are one view, however they are written. */
export function isSameView(a: string, b: string): boolean {
  const text = (address: string) => {
    const { names, params } = partsOf(address);
    return JSON.stringify([names, params.toString()]);
  };
  return text(a) === text(b);
}
