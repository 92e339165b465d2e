import type { FastifyInstance } from 'fastify';
import { etagOf, isNotModified } from './etag.ts';
import { HttpProblem } from './server.ts';

/** A public document that does not change while the process runs. */
export interface Document {
  readonly path: string;
  readonly type: string;
  readonly content: unknown;
  /** The contents that `?version=` names; without it the document is the newest. */
  readonly versions?: ReadonlyMap<string, unknown>;
}

/** Serves documents to anybody, with an ETag so that an agent asks again for little. */
export function registerDocuments(app: FastifyInstance, documents: readonly Document[]): void {
  for (const { path, type, content, versions } of documents) {
    const newest = served(content);
    const older = new Map([...(versions ?? [])].map(([version, one]) => [version, served(one)]));
    app.get(path, (request, reply) => {
      const { version } = request.query as { version?: unknown };
      const { body, etag } = versions && version !== undefined ? versionOf(older, version) : newest;
      reply.header('cache-control', 'public, max-age=3600');
      return isNotModified(request, reply, etag) ? reply : reply.type(type).send(body);
    });
  }
}

function served(content: unknown) {
  const body = JSON.stringify(content, null, 2);
  return { body, etag: etagOf(body) };
}

function versionOf<T>(versions: ReadonlyMap<string, T>, asked: unknown): T {
  const found = typeof asked === 'string' ? versions.get(asked) : undefined;
  if (found) return found;
  const errors = [{ parameter: 'version', reason: 'no-such-version', allowed: [...versions.keys()] }];
  const detail = 'There is no such version of the document: see errors.';
  throw new HttpProblem({ status: 404, type: 'no-such-version', detail, extra: { errors } });
}
