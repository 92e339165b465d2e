import type { FastifyInstance } from 'fastify';
import { etagOf, isNotModified } from './etag.ts';
import { HttpProblem } from './server.ts';

/** A public document that does not change while the process runs. */
export interface Document {
  readonly path: string;
  readonly type: string;
  /** Made when it is first asked for: few starts are followed by a request for all of them. */
  readonly content: () => unknown;
  /** The contents that `?version=` names; without it the document is the newest. */
  readonly versions?: () => ReadonlyMap<string, unknown>;
}

/** Serves documents to anybody, with an ETag so that an agent asks again for little. */
export function registerDocuments(app: FastifyInstance, documents: readonly Document[]): void {
  for (const { path, type, content, versions } of documents) {
    let made: Written | undefined;
    app.get(path, (request, reply) => {
      const { version } = request.query as { version?: unknown };
      const isNamed = versions !== undefined && version !== undefined;
      const { body, etag } = isNamed ? written(versionOf(versions(), version)) : (made ??= written(content()));
      reply.header('cache-control', 'public, max-age=3600');
      return isNotModified(request, reply, etag) ? reply : reply.type(type).send(body);
    });
  }
}

interface Written {
  readonly body: string;
  readonly etag: string;
}

function written(content: unknown): Written {
  const body = JSON.stringify(content, null, 2);
  return { body, etag: etagOf(body) };
}

function versionOf(versions: ReadonlyMap<string, unknown>, asked: unknown): unknown {
  if (typeof asked === 'string' && versions.has(asked)) return versions.get(asked);
  const errors = [{ parameter: 'version', reason: 'no-such-version', allowed: [...versions.keys()] }];
  const detail = 'There is no such version of the document: see errors.';
  throw new HttpProblem({ status: 404, type: 'no-such-version', detail, extra: { errors } });
}
