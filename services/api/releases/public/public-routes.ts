import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { etagOf, isNotModified } from '../../../http/etag.ts';
import { type Call, type Route, route } from '../../../http/route.ts';
import type { Releases } from '../../../ports/releases.ts';
import { NoQuery, notFound } from '../release-deps.ts';
import { badgeOf } from './badge.ts';
import { PUBLIC_STYLE, publicPage } from './public-page.ts';
import { newestPublic, type PublicRelease } from './public-release.ts';

export interface PublicRoutesDeps {
  readonly releases: Releases;
  /** Whether the operator publishes at all. */
  readonly publishes: boolean;
}

const ABOUT =
  'Off unless an operator sets `ROLLCALL_PUBLIC_PAGE=on` and has an agreement with a party called `public`; else 404. Only what was released to that party, never a count.';

/** A style, a picture of this server's own, and nothing else. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(PUBLIC_STYLE).digest('base64')}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
const SECONDS = 300;

/** The newest release of the party called public, for everybody: a page, the numbers, a badge. */
export function publicRoutes(deps: PublicRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/public-release',
      summary: 'The newest public release as it was signed (release.json)',
      description: ABOUT,
      allow: 'public',
      query: NoQuery,
      answer: z.looseObject({ schema: z.string() }),
      handle: (call) => send(call, deps, 'application/json; charset=utf-8', ({ text }) => text),
    }),
    route({
      method: 'GET',
      path: '/public',
      summary: 'The newest public release as a page with charts',
      description: ABOUT,
      allow: 'public',
      query: NoQuery,
      answer: z.string(),
      mediaType: 'text/html',
      handle: async (call) => {
        call.reply.header('content-security-policy', POLICY);
        return send(call, deps, 'text/html; charset=utf-8', ({ document }) => publicPage(document));
      },
    }),
    route({
      method: 'GET',
      path: '/public/badge.svg',
      summary: 'How many sites it counts, as a picture for other pages',
      description: ABOUT,
      allow: 'public',
      query: NoQuery,
      answer: z.string(),
      mediaType: 'image/svg+xml',
      handle: async (call) => {
        // The one answer that pages elsewhere may show.
        call.reply.header('cross-origin-resource-policy', 'cross-origin');
        return send(call, deps, 'image/svg+xml', ({ document }) => badgeOf(document));
      },
    }),
  ];
}

async function send(
  { request, reply }: Pick<Call<unknown, unknown>, 'request' | 'reply'>,
  { releases, publishes }: PublicRoutesDeps,
  type: string,
  bodyOf: (release: PublicRelease) => string,
): Promise<FastifyReply> {
  const release = publishes ? await newestPublic(releases) : undefined;
  if (!release) throw notFound('nothing-public', 'Nothing is published here.');
  const body = bodyOf(release);
  reply.header('cache-control', `public, max-age=${SECONDS}`);
  return isNotModified(request, reply, etagOf(body)) ? reply : reply.type(type).send(body);
}
