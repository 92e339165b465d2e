import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Problem } from '../http/server.ts';
import { heldUnder } from './held.ts';
import { type Admission, type IngestDeps, ingestOne } from './ingest-one.ts';
import type { IngestMetrics } from './metrics.ts';
import { Refused } from './refused.ts';

export interface IngestRoutesDeps extends IngestDeps {
  readonly metrics: IngestMetrics;
  readonly admissionOf: (request: FastifyRequest) => Admission;
}

/** What an agent talks to. Public: no key, and of the caller only the network is looked at. */
export function registerIngest(app: FastifyInstance, deps: IngestRoutesDeps): void {
  app.post('/v1/reports', async (request, reply) => {
    const body = (request.body as Uint8Array) ?? new Uint8Array();
    const answer = await deps.metrics.observe(() => ingestOne(body, deps, deps.admissionOf(request)));
    return reply.code(202).type('application/json').send(JSON.stringify(answer));
  });
  app.post(HELD_PATH, async (request, reply) => {
    const { held } = deps;
    if (!held) throw new Refused(503, 'held-unavailable', 'This server has no way to the store.');
    const answer = await heldUnder((request.body as Uint8Array) ?? new Uint8Array(), { ...deps, held });
    return reply.code(200).type('application/json').header('cache-control', 'no-store').send(JSON.stringify(answer));
  });
}

export const HELD_PATH = '/v1/reports/held';

/** Refusals as problem details. */
export function ingestProblem(thrown: unknown): Problem | undefined {
  if (!(thrown instanceof Refused)) return undefined;
  return {
    status: thrown.status,
    type: thrown.type,
    detail: thrown.detail,
    extra: { ...thrown.extra, ...(thrown.errors ? { errors: thrown.errors } : {}) },
    ...(thrown.headers ? { headers: thrown.headers } : {}),
  };
}
