import type { View } from '../../../schemas/fact.ts';
import { LISTED_VIEW, UNLISTED_VIEW } from '../../core/view-rules.ts';
import { HttpProblem } from '../../http/server.ts';
import { type AskedNames, lower, type NameBook, nearest } from '../../identify/name-book.ts';
import type { PeriodCell } from '../../ports/count-reader.ts';
import type { Mappings } from '../../ports/mappings.ts';
import { filterOf } from './cell-filter.ts';
import type { CountsDeps } from './snapshots.ts';

export interface NamesDeps extends CountsDeps {
  readonly nameBook: NameBook;
  readonly mappings: Mappings;
}

/**
 * What is asked for, in the spelling that cells have, whatever its case. A name is known when the catalogue gives it, a
 * curator made it, or a cell of it is shown; 404 for any other, with the known one that is most like it. A name that is
 * held back and one that does not exist are answered alike: neither is in the catalogue or in a shown cell.
 */
export async function knownNames<Q extends AskedNames>(asked: Q, deps: NamesDeps, view?: View): Promise<Q> {
  const vendor = asked.vendor && (await vendorNamed(asked.vendor, deps, view));
  const names = { ...asked, ...(vendor ? { vendor } : {}) };
  const model = asked.model && (await modelNamed(names, deps, view));
  const platform = asked.platform && (await platformNamed(asked.platform, deps));
  return { ...names, ...(model ? { model } : {}), ...(platform ? { platform } : {}) };
}

async function vendorNamed(text: string, deps: NamesDeps, view: View | undefined): Promise<string> {
  const known = deps.nameBook.vendor(text);
  if (known !== undefined) return known;
  const views: View[] = view === UNLISTED_VIEW ? [UNLISTED_VIEW] : ['vendor', 'platform_vendor'];
  const counted = (await Promise.all(views.map((one) => shownIn(one, {}, deps)))).flat().map((cell) => cell.vendor);
  if (counted.includes(text)) return text;
  const made = (await mappedTo(deps)).map((to) => to.vendor);
  return oneOf(text, [...counted, ...made]) ?? unknownName('vendor', text, [...deps.nameBook.vendors, ...counted]);
}

async function modelNamed(asked: AskedNames, deps: NamesDeps, view: View | undefined): Promise<string> {
  const { category, vendor = '', model = '' } = asked;
  const listed = view === UNLISTED_VIEW ? undefined : deps.nameBook.model(asked);
  if (listed !== undefined) return listed;
  const cells = await shownIn(view === UNLISTED_VIEW ? UNLISTED_VIEW : LISTED_VIEW, { category }, deps);
  const counted = cells.filter((cell) => cell.vendor === vendor).map((cell) => cell.model);
  if (counted.includes(model)) return model;
  const made = (await mappedTo(deps)).filter((to) => to.category === category && to.vendor === vendor);
  const mapped = view === UNLISTED_VIEW ? [] : made.map((to) => to.model);
  return (
    oneOf(model, [...counted, ...mapped]) ?? unknownName('model', model, [...deps.nameBook.modelsOf(asked), ...counted])
  );
}

async function platformNamed(text: string, deps: NamesDeps): Promise<string> {
  const known = deps.nameBook.platform(text);
  if (known !== undefined) return known;
  const counted = (await shownIn('platform', {}, deps)).map((cell) => cell.platform);
  return oneOf(text, counted) ?? unknownName('platform', text, [...counted, ...deps.nameBook.platforms]);
}

/** In any month. */
async function shownIn(view: View, filter: AskedNames, { store, threshold }: CountsDeps): Promise<PeriodCell[]> {
  const { category } = filter;
  return store.cells({ snapshots: await store.snapshots(), view, filter: filterOf({ category }), threshold });
}

async function mappedTo({ mappings }: NamesDeps) {
  return (await mappings.mappings()).map(({ to }) => to).filter((to) => to !== null);
}

/** As it is spelled; the one of the same case before others. */
function oneOf(text: string, names: readonly string[]): string | undefined {
  return names.find((one) => one === text) ?? names.find((one) => lower(one) === lower(text));
}

function unknownName(parameter: 'vendor' | 'model' | 'platform', text: string, known: readonly string[]): never {
  const didYouMean = nearest(text, known);
  const hint = didYouMean === undefined ? '' : `: did you mean ${didYouMean}`;
  throw new HttpProblem({
    status: 404,
    type: 'unknown-name',
    detail: `No shown count and no entry of the catalogue has this ${parameter}${hint}${hint === '' ? '.' : '?'}`,
    extra: { errors: [{ parameter, reason: 'unknown-name', ...(didYouMean === undefined ? {} : { didYouMean }) }] },
  });
}
