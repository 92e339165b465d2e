import { useCallback, useMemo } from 'preact/hooks';
import { useLocation, useSearch } from 'wouter-preact';

/** The console's state is the address: these names and no others, in the order of the alphabet. */
export type StateName =
  | 'before'
  | 'by'
  | 'category'
  | 'cell'
  | 'chart'
  | 'compare'
  | 'direction'
  | 'from'
  | 'offset'
  | 'only'
  | 'period'
  | 'platform'
  | 'q'
  | 'sort'
  | 'to'
  | 'vendor'
  | 'view';

export type State = Partial<Record<StateName, string>> & { readonly cells: readonly string[] };
export type Change = Partial<Record<Exclude<StateName, 'cell'>, string | undefined>> & {
  cell?: readonly string[] | undefined;
};

/** The address that has `change` applied: what is at its default is left out. */
export function withChange(search: string, change: Change, defaults: Partial<Record<StateName, string>> = {}): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    params.delete(name);
    if (Array.isArray(value)) for (const one of value) params.append(name, one);
    else if (value !== undefined && value !== '' && value !== defaults[name as StateName])
      params.set(name, String(value));
  }
  params.sort();
  return params.toString();
}

/** What changes neither the rows of a list nor their order: rows are compared, or the chart is another. */
const SAME_LIST: ReadonlySet<string> = new Set(['by', 'cell', 'chart', 'offset', 'only']);

/** Where a change leads: to the first page of a list, unless the list stays the same. */
function changed(path: string, search: string, change: Change, defaults: Partial<Record<StateName, string>>): string {
  const same = Object.keys(change).every((name) => SAME_LIST.has(name));
  const query = withChange(search, same ? change : { ...change, offset: undefined }, defaults);
  return query === '' ? path : `${path}?${query}`;
}

/**
 * What the address says, and a way to change it. A filter pushes history, so that Back undoes it; typing replaces.
 * Another list begins with its first page.
 */
export function useQueryState(defaults: Partial<Record<StateName, string>> = {}): {
  state: State;
  search: string;
  set: (change: Change, how?: 'push' | 'replace') => void;
  href: (change: Change) => string;
} {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const state = useMemo(() => {
    const params = new URLSearchParams(search);
    const found: Record<string, string> = { ...defaults };
    for (const [name, value] of params) found[name] = value;
    return { ...found, cells: params.getAll('cell') } as State;
  }, [search, defaults]);
  const href = useCallback((change: Change) => changed(path, search, change, defaults), [search, path, defaults]);
  // Of the address as it is by then: a panel whose new numbers are on their way still shows the buttons of before.
  const set = useCallback(
    (change: Change, how: 'push' | 'replace' = 'push') =>
      navigate(changed(location.pathname, location.search, change, defaults), { replace: how === 'replace' }),
    [navigate, defaults],
  );
  return { state, search, set, href };
}
