import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

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
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    app.get(path, (request, reply) => {
      reply.header('etag', etag).header('cache-control', 'public, max-age=3600');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type(type).send(body);
    });
  }
}
