import type { FastifyInstance } from 'fastify';
import { etagOf, isNotModified } from './etag.ts';

/** A public document that does not change while the process runs. */
export interface Document {
  readonly path: string;
  readonly type: string;
  readonly content: unknown;
}

/** Serves documents to anybody, with an ETag so that an agent asks again for little. */
export function registerDocuments(app: FastifyInstance, documents: readonly Document[]): void {
  for (const { path, type, content } of documents) {
    const body = JSON.stringify(content, null, 2);
    const etag = etagOf(body);
    app.get(path, (request, reply) => {
      reply.header('cache-control', 'public, max-age=3600');
      return isNotModified(request, reply, etag) ? reply : reply.type(type).send(body);
    });
  }
}
