import { useMemo } from 'preact/hooks';
import { type Kind, mayStack } from '../../charts/model.ts';
import type { CountsAnswer, FacetsAnswer, View } from '../../lib/answers.ts';
import { defaultCompare, newestFinal, useFacets, yearAndMonth } from '../../lib/facets.ts';
import { type StateName, useQueryState } from '../../lib/query-state.ts';
import type { Asked } from '../../lib/use-api.ts';
import { EXPLORE_VIEWS } from '../../lib/words.ts';

export const DEFAULTS: Partial<Record<StateName, string>> = {
  view: 'model',
  category: 'phone',
  by: 'sites',
  chart: 'lines',
  sort: '-sites',
  offset: '0',
};
export const PAGE = 100;
export const MOST_CELLS = 5;

export type By = 'sites' | 'devices';

/** What the address asks for, with what follows from it. */
export function useQuestion(): Question {
  const { data } = useFacets();
  const { state, set } = useQueryState(DEFAULTS);
  // The same as long as neither changes, so that what is drawn of it is not drawn anew with each answer.
  return useMemo(() => questionOf({ data }, state, set), [data, state, set]);
}
export type Question = ReturnType<typeof questionOf>;

type Address = ReturnType<typeof useQueryState>;

function questionOf(facets: { readonly data: FacetsAnswer | undefined }, state: Address['state'], set: Address['set']) {
  const view = (EXPLORE_VIEWS.find((known) => known.view === state.view)?.view ?? 'model') as View;
  const of = facets.data?.views.find((known) => known.view === view);
  const has = (filter: 'category' | 'vendor' | 'platform') => of?.filters.includes(filter) ?? false;
  // Nothing is asked before it is known what the view can be filtered by.
  const period = facets.data && (state.period ?? newestFinal(facets.data));
  const compare = state.compare ?? defaultCompare(period, facets.data);
  const byDevices = of?.sorts.includes('devices') ?? true;
  const by: By = state.by === 'devices' && byDevices ? 'devices' : 'sites';
  const filters = {
    category: has('category') && view !== 'category' ? state.category : undefined,
    vendor: has('vendor') ? state.vendor : undefined,
    platform: has('platform') ? state.platform : undefined,
  };
  const stacks = mayStack(view, by, facets.data?.views ?? []);
  const wanted = (['lines', 'stacked', 'percent'] as const).find((kind) => kind === state.chart) ?? 'lines';
  const kind: Kind = stacks && state.cells.length === 0 ? wanted : 'lines';
  const sort = of?.sorts.some((one) => one === state.sort?.replace('-', '')) ? state.sort : DEFAULTS.sort;
  const range = yearAndMonth(facets.data);
  return { facets, state, set, view, has, period, compare, by, byDevices, filters, stacks, kind, sort, range };
}

export interface Parts {
  readonly question: Question;
  readonly asked: Asked<CountsAnswer>;
  readonly params: Readonly<Record<string, string | number | undefined>>;
}
