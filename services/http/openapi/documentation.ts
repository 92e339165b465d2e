import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { docsPage } from '../docs/docs-page.ts';
import { STYLE } from '../docs/style.ts';
import { TRY_IT } from '../docs/try-it.ts';
import { etagOf, isNotModified } from '../etag.ts';
import { type Call, type Route, route } from '../route.ts';
import { type Json, openApiDocument } from './openapi.ts';
import { DESCRIBED } from './public-documents.ts';

const HTML = 'text/html; charset=utf-8';
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** The page has one style and one script, known by their hashes, and asks its own server: no picture, nothing from elsewhere. */
const POLICY =
  `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(TRY_IT)}; connect-src 'self'; base-uri 'none'; ` +
  `form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`;

/** The routes given, with those that describe them all: `/openapi.json` and the page `/docs`, made once. */
export function withDocumentation(routes: readonly Route[]): Route[] {
  const all: Route[] = [...routes];
  const document = lazy(() => apiDocument(all));
  const json = lazy(() => fixed(`${JSON.stringify(document(), null, 2)}\n`, 'application/json; charset=utf-8'));
  const page = lazy(() => fixed(docsPage(document()), HTML));
  all.push(
    route({
      method: 'GET',
      path: '/openapi.json',
      summary: 'This document',
      allow: 'public',
      answer: z.looseObject({ openapi: z.string() }),
      example: {},
      handle: (call) => send(json(), call),
    }),
    route({
      method: 'GET',
      path: '/docs',
      summary: 'This document as a page',
      allow: 'public',
      answer: z.string(),
      mediaType: 'text/html',
      example: {},
      handle: (call) => send(page(), call, POLICY),
    }),
  );
  return all;
}

/** The document of the routes and of what is served beside them. */
export function apiDocument(routes: readonly Route[]): Json {
  return openApiDocument([...DESCRIBED, ...routes]);
}

interface Fixed {
  readonly body: string;
  readonly type: string;
  readonly etag: string;
}

function fixed(body: string, type: string): Fixed {
  return { body, type, etag: etagOf(body) };
}

function send(
  { body, type, etag }: Fixed,
  { request, reply }: Pick<Call<unknown, unknown>, 'request' | 'reply'>,
  policy?: string,
): FastifyReply {
  reply.header('cache-control', 'public, max-age=300');
  if (policy !== undefined) reply.header('content-security-policy', policy);
  return isNotModified(request, reply, etag) ? reply : reply.type(type).send(body);
}

/** Made when it is first asked for. */
function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
