import * as z from 'zod';
import { SESSION_BODY } from '../../../schemas/answers/extended.ts';
import { NoAnswer } from '../../../schemas/answers/parts.ts';
import { SessionAnswer } from '../../../schemas/answers/session.ts';
import { NOT_SIGNED_IN } from '../../http/access.ts';
import type { AddressNames, Limit } from '../../http/limits/rate-limit.ts';
import { type Call, type Caller, type Route, type Rule, route } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';
import { refusedKey } from './access.ts';
import type { Audit } from './audit.ts';
import { clearSessionCookie, sessionToken, setSessionCookie } from './cookie.ts';
import type { Keys, LiveKey } from './keys.ts';
import type { Links } from './links.ts';
import { type OidcRoutesDeps, oidcRoutes } from './oidc/oidc-routes.ts';
import type { Session, Sessions } from './sessions.ts';

export interface SessionRoutesDeps extends OidcRoutesDeps {
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly audit: Audit;
  readonly proxies: TrustedProxies;
  readonly names: AddressNames;
  /** Of attempts to sign in, by where they come from. */
  readonly signIns: Limit;
}

const ANYBODY: Rule = ['reader', 'curator', 'releaser', 'manufacturer'];

/** Browsers that sign in and out. */
export function sessionRoutes(deps: SessionRoutesDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/session',
      summary: 'Sign in a browser with an access key, or with the token of a link',
      allow: 'public',
      query: z.strictObject({}),
      body: SESSION_BODY,
      bodyExample: { key: 'YOUR-KEY' },
      answer: SessionAnswer,
      status: 201,
      handle: (call) => signIn(call, deps),
    }),
    route({
      method: 'GET',
      path: '/v1/session',
      summary: 'What the caller may do, and the CSRF token of its session',
      allow: ANYBODY,
      query: z.strictObject({}),
      example: {},
      description:
        'A session is a cookie and lasts 12 hours, or 30 minutes without a request. Each of its POST and DELETE requests needs the header `X-CSRF-Token`.',
      answer: SessionAnswer,
      handle: async (call) => sessionAnswer(signedIn(call), await sessionOf(call, deps), deps),
    }),
    route({
      method: 'DELETE',
      path: '/v1/session',
      summary: 'Sign out',
      allow: ANYBODY,
      query: z.strictObject({}),
      answer: NoAnswer,
      status: 204,
      handle: (call) => signOut(call, deps),
    }),
    ...oidcRoutes(deps),
  ];
}

type SessionBody = z.infer<typeof SESSION_BODY>;

async function signIn({ request, reply, body }: Call<unknown, SessionBody>, deps: SessionRoutesDeps) {
  const { names, signIns } = deps;
  const party = names.of(request);
  if (party !== undefined) await signIns.take(party, reply);
  const key = await keyOf(body, deps);
  return openSession({ request, reply }, key, 'link' in body ? 'link' : '', deps);
}

/** Throws 401. A link says no more than that it is none. */
async function keyOf(body: SessionBody, { keys, links }: SessionRoutesDeps): Promise<LiveKey> {
  if ('key' in body) {
    const key = await keys.find(body.key);
    if (typeof key === 'string') throw refusedKey(key);
    return key;
  }
  const key = await links.spend(body.link);
  if (!key) throw new HttpProblem({ ...NOT_SIGNED_IN, type: 'no-such-link', detail: NO_LINK });
  return key;
}

const NO_LINK = 'The link was used before, or is too old. Ask for another.';

async function openSession(
  { request, reply }: Pick<Call<unknown, unknown>, 'request' | 'reply'>,
  key: LiveKey,
  way: '' | 'link',
  deps: SessionRoutesDeps,
): Promise<SessionAnswer> {
  const { sessions, audit, proxies, pins } = deps;
  const before = sessionToken(request, proxies);
  if (before !== undefined) await sessions.close(before);
  await audit.append({ actor: key.caller.keyId, action: 'session.opened', object: way });
  const session = await sessions.open(key);
  await pins.keep(key.caller.keyId);
  setSessionCookie(request, reply, session.token, proxies);
  reply.header('cache-control', 'no-store');
  return sessionAnswer(key.caller, session, deps);
}

async function signOut(call: Call<unknown, unknown>, { sessions, audit, proxies }: SessionRoutesDeps): Promise<void> {
  const { request, reply } = call;
  const token = request.headers.authorization === undefined ? sessionToken(request, proxies) : undefined;
  if (token === undefined) return;
  // First the deed: signing out must not fail because it cannot be written down.
  await sessions.close(token);
  clearSessionCookie(request, reply, proxies);
  await audit.append({ actor: signedIn(call).keyId, action: 'session.closed', object: '' });
}

async function sessionOf({ request }: Call<unknown, unknown>, deps: SessionRoutesDeps): Promise<Session | undefined> {
  if (request.headers.authorization !== undefined) return undefined;
  const token = sessionToken(request, deps.proxies);
  return token === undefined ? undefined : deps.sessions.find(token);
}

/** The rule of the route has made sure of it. */
export function signedIn({ caller }: Pick<Call<unknown, unknown>, 'caller'>): Caller {
  if (!caller) throw new Error('a route for callers was reached without one');
  return caller;
}

async function sessionAnswer(
  { keyId, scopes, manufacturer }: Caller,
  session: Session | undefined,
  { keys }: SessionRoutesDeps,
): Promise<SessionAnswer> {
  return {
    keyId,
    owner: session?.owner ?? (await keys.ownerOf(keyId)),
    scopes: [...scopes],
    manufacturer: manufacturer ?? null,
    csrfToken: session?.csrfToken ?? null,
    expiresAt: session ? new Date(session.expiresAt).toISOString() : null,
  };
}
