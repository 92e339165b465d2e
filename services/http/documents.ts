import type { FastifyInstance } from 'fastify';
import { etagOf, isNotModified } from './etag.ts';

/** A public document that does not change while the process runs. */
export interface Document {
  readonly path: string;
  readonly type: string;
  /** Made when it is first asked for: few starts are followed by a request for all of them. */
  readonly content: () => unknown;
}

/** Serves documents to anybody, with an ETag so that an agent asks again for little. */
export function registerDocuments(app: FastifyInstance, documents: readonly Document[]): void {
  for (const { path, type, content } of documents) {
    let made: { body: string; etag: string } | undefined;
    app.get(path, (request, reply) => {
      const { body, etag } = (made ??= written(content()));
      reply.header('cache-control', 'public, max-age=3600');
      return isNotModified(request, reply, etag) ? reply : reply.type(type).send(body);
    });
  }
}

function written(content: unknown): { body: string; etag: string } {
  const body = JSON.stringify(content, null, 2);
  return { body, etag: etagOf(body) };
}
