import { keepPreviousData, useQuery } from '@tanstack/preact-query';
import { get, type Params, passes } from './api.ts';

/** How long an answer is taken for fresh, and how soon a panel that failed asks again by itself. */
const FRESH_MS = 20_000;
const AGAIN_MS = 5_000;

/**
 * One answer of the API. Old numbers stay until the new ones are there; a failure that may pass is tried again by
 * itself. `path` undefined asks nothing.
 */
export function useApi<T>(path: string | undefined, params: Params = {}) {
  return useQuery<T>({
    queryKey: ['api', path ?? '', params],
    queryFn: ({ signal }) => get<T>(path ?? '', params, signal),
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
