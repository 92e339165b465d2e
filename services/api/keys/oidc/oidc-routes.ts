import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import type { AddressNames, Limit } from '../../../http/limits/rate-limit.ts';
import { type Call, type Route, route } from '../../../http/route.ts';
import { HttpProblem } from '../../../http/server.ts';
import type { TrustedProxies } from '../../../shared/trusted-proxies.ts';
import type { Pins } from '../../views/pins.ts';
import { mayLink, type ViewLinks } from '../../views/view-links.ts';
import type { Audit } from '../audit.ts';
import { sessionToken, setSessionCookie } from '../cookie.ts';
import { callerOf } from '../scopes.ts';
import type { Person, Sessions } from '../sessions.ts';
import { keepAttempt, takeAttempt } from './attempt-cookie.ts';
import type { Oidc } from './oidc.ts';

export interface OidcRoutesDeps {
  /** Undefined where none is set. */
  readonly oidc: Oidc | undefined;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly proxies: TrustedProxies;
  readonly names: AddressNames;
  readonly signIns: Limit;
  readonly pins: Pins;
  readonly viewLinks: ViewLinks;
}

const HTML = 'text/html; charset=utf-8';
const ABOUT =
  'Only where an operator has set one (`ROLLCALL_OIDC_ISSUER`); else 404. A browser goes there: it is no call for programs.';

/** An address of this console, never another host's. */
const Next = z
  .string()
  .max(1_000)
  .regex(/^\/(?![/\\])[\x21-\x7e]*$/, 'not-a-page')
  .default('/');

/** Sign-in by an identity provider: there, and back. */
export function oidcRoutes(deps: OidcRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/session/oidc',
      summary: "Sign in a browser with the organisation's own identity provider",
      description: ABOUT,
      allow: 'public',
      query: z.strictObject({ next: Next }),
      answer: z.string(),
      mediaType: 'text/html',
      handle: (call) => begin(call, deps),
    }),
    route({
      method: 'GET',
      path: '/v1/session/oidc/callback',
      summary: 'Where the identity provider sends the browser back to',
      description: ABOUT,
      allow: 'public',
      // Providers add words of their own.
      query: z.record(z.string().max(64), z.string().max(4_096)),
      answer: z.string(),
      mediaType: 'text/html',
      handle: (call) => finish(call, deps),
    }),
  ];
}

async function begin(call: Call<{ next: string }, unknown>, deps: OidcRoutesDeps): Promise<FastifyReply> {
  const { request, reply, query } = call;
  const oidc = await allowed(call, deps);
  const begun = await oidc.begin().catch(() => undefined);
  if (!begun) return page(reply, faultPage('failed'));
  keepAttempt(request, reply, { ...begun.attempt, next: query.next }, deps.proxies);
  return reply.header('cache-control', 'no-store').redirect(begun.url.href, 303);
}

async function finish(call: Call<Record<string, string>, unknown>, deps: OidcRoutesDeps): Promise<FastifyReply> {
  const { request, reply, query } = call;
  const oidc = await allowed(call, deps);
  const kept = takeAttempt(request, reply, deps.proxies);
  // What went wrong is between the browser and its provider: the words of either are written nowhere.
  const visitor = kept && (await oidc.finish(new URLSearchParams(query), kept).catch(() => undefined));
  if (!kept || visitor === undefined) return page(reply, faultPage('failed'));
  if (!mayLink(callerOf(visitor.id, visitor.scopes))) await deps.viewLinks.endOf(visitor.id);
  if (visitor.scopes.length === 0) return page(reply, faultPage('no-scope'));
  await signIn(call, visitor, deps);
  return page(reply, kept.next);
}

async function signIn(
  { request, reply }: Pick<Call<unknown, unknown>, 'request' | 'reply'>,
  person: Person,
  { sessions, audit, proxies, pins }: OidcRoutesDeps,
): Promise<void> {
  const before = sessionToken(request, proxies);
  if (before !== undefined) await sessions.close(before);
  await audit.append({ actor: person.id, action: 'session.opened', object: ['oidc', ...person.scopes].join(' ') });
  const session = await sessions.openFor(person);
  await pins.keep(person.id);
  setSessionCookie(request, reply, session.token, proxies);
}

async function allowed(
  { request, reply }: Pick<Call<unknown, unknown>, 'request' | 'reply'>,
  { oidc, names, signIns }: OidcRoutesDeps,
): Promise<Oidc> {
  if (!oidc) throw new HttpProblem({ status: 404, type: 'no-provider', detail: 'No identity provider is set here.' });
  const party = names.of(request);
  if (party !== undefined) await signIns.take(party, reply);
  return oidc;
}

const faultPage = (fault: 'failed' | 'no-scope') => `/signin?fault=${fault}`;

/**
 * A page that goes on by itself. Answered with a redirect instead, the browser would take what follows for a request of
 * the provider's site, and keep the session's cookie, which is Strict, to itself.
 */
function page(reply: FastifyReply, next: string): FastifyReply {
  const to = next.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return reply
    .header('cache-control', 'no-store')
    .type(HTML)
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rollcall</title><meta http-equiv="refresh" content="0;url=${to}"></head><body><p><a href="${to}">Go on</a></p></body></html>\n`,
    );
}
