import { useQuery, useQueryClient } from '@tanstack/preact-query';
import { useCallback } from 'preact/hooks';
import type { SessionAnswer, WaitingAnswer } from './answers.ts';
import { get, passes, rememberCsrf, send } from './api.ts';

export type Role = 'reader' | 'curator' | 'releaser' | 'admin' | 'manufacturer';

export interface Session extends SessionAnswer {
  readonly roles: readonly Role[];
}

async function readSession(signal?: AbortSignal): Promise<Session> {
  return known(await get<SessionAnswer>('/v1/session', {}, signal));
}

function known(answer: SessionAnswer): Session {
  rememberCsrf(answer.csrfToken);
  const roles = answer.scopes.map((scope) => (scope.startsWith('manufacturer:') ? 'manufacturer' : scope) as Role);
  return { ...answer, roles };
}

/** `ask` false: what another page of this tab has found, and no request. */
export function useSession(ask = true) {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => readSession(signal),
    enabled: ask,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchInterval: (query) => (query.state.status === 'error' && passes(query.state.error) ? 5_000 : false),
  });
}

export function useSignIn(): (body: { key: string } | { link: string }) => Promise<Session> {
  const client = useQueryClient();
  return useCallback(
    async (body) => {
      const session = known(await send<SessionAnswer>('POST', '/v1/session', body));
      const before = client.getQueryData<Session>(['session']);
      // Another key may see less: nothing that the one before was shown stays.
      if (before && before.keyId !== session.keyId) client.clear();
      client.setQueryData(['session'], session);
      return session;
    },
    [client],
  );
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/v1/session');
  rememberCsrf(null);
}

/** Whether one of the roles is the caller's; an admin has every role but a manufacturer's. */
export function may(session: Session | undefined, roles: readonly Role[]): boolean {
  return (
    session?.roles.some(
      (role) => roles.includes(role) || (role === 'admin' && !roles.every((one) => one === 'manufacturer')),
    ) ?? false
  );
}

/** Signed in by the organisation's provider, without a key. */
export function isPerson(session: Session | undefined): boolean {
  return session?.keyId.startsWith('oidc-') ?? false;
}

export const STAFF: readonly Role[] = ['reader', 'curator', 'releaser'];
/** Who sees exact counts: whoever decides on releases has noised numbers alone. */
export const COUNTS: readonly Role[] = ['reader', 'curator'];

/** Where a session begins. */
export function homeOf(session: Session | undefined): string {
  return session === undefined || may(session, COUNTS) ? '/' : '/releases';
}

export interface Page {
  readonly path: string;
  readonly label: string;
  readonly roles: readonly Role[] | 'anybody';
  readonly key?: string;
  readonly waiting?: (waiting: WaitingAnswer) => number;
}

/** The bar, in its order. */
export function pagesOf(session: Session | undefined): Page[] {
  if (session?.manufacturer)
    return [
      { path: '/releases', label: 'Your releases', roles: ['manufacturer'], key: 'r' },
      { path: '/check', label: 'Check a release', roles: 'anybody', key: 'c' },
      { path: '/privacy', label: 'What is collected', roles: 'anybody' },
    ];
  return STAFF_PAGES.filter(({ roles }) => roles === 'anybody' || may(session, roles));
}

const STAFF_PAGES: readonly Page[] = [
  { path: '/', label: 'Overview', roles: COUNTS, key: 'o' },
  { path: '/explore', label: 'Explore', roles: COUNTS, key: 'e' },
  { path: '/movers', label: 'Movers', roles: COUNTS, key: 'm' },
  { path: '/unlisted', label: 'Unlisted', roles: ['curator'], key: 'u', waiting: ({ unlisted }) => unlisted ?? 0 },
  {
    path: '/releases',
    label: 'Releases',
    roles: STAFF,
    key: 'r',
    waiting: ({ held, failedCloses }) => (held ?? 0) + (failedCloses ?? 0),
  },
  { path: '/access', label: 'Access', roles: ['admin'], key: 'a' },
];
