import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/preact-query';
import { get, type Params, passes } from './api.ts';

/** How long an answer is taken for fresh, and how soon a panel that failed asks again by itself. */
const FRESH_MS = 20_000;
const AGAIN_MS = 5_000;

/**
 * One answer of the API. Old numbers stay until the new ones are there; a failure that may pass is tried again by
 * itself. `path` undefined asks nothing.
 */
export function useApi<T>(path: string | undefined, params: Params = {}) {
  const queryKey = ['api', path ?? '', params];
  const queryFn = ({ signal }: { signal: AbortSignal }) => get<T>(path ?? '', params, signal);
  const client = useQueryClient();
  // What nobody has asked for yet is asked for now: the query's own effect runs only when a frame with old numbers was painted.
  if (path !== undefined && client.getQueryState(queryKey) === undefined)
    void client.prefetchQuery({ queryKey, queryFn });
  return useQuery<T>({
    queryKey,
    queryFn,
    enabled: path !== undefined,
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: true,
    refetchOnReconnect: 'always',
    refetchInterval: (query) => (query.state.status === 'error' && passes(query.state.error) ? AGAIN_MS : false),
  });
}

export type Asked<T> = ReturnType<typeof useApi<T>>;
