import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Door } from '../http/limits/door.ts';
import { Lane } from '../http/limits/lane.ts';
import type { Problem } from '../http/server.ts';
import { heldUnder } from './held.ts';
import { type Admission, type IngestDeps, ingestOne } from './ingest-one.ts';
import type { IngestMetrics } from './metrics.ts';
import { Refused } from './refused.ts';

export interface IngestRoutesDeps extends IngestDeps {
  readonly metrics: IngestMetrics;
  readonly admissionOf: (request: FastifyRequest) => Admission;
  /** Whether somebody reads: see {@link Lane}. */
  readonly givesWay?: () => boolean;
  readonly door?: Door;
}

/**
 * The work on a report is this process's own: so the event loop is let go of after some of them, for who reads meanwhile.
 * 1,024 in line are half a second's work; the agent comes again with what is refused. Those under way wait for the log: when
 * it is slow, so are they, and the line shows it.
 */
const REPORTS = {
  ...{ maxRunning: 2_048, maxWaiting: 1_024, maxWaitMs: 2_000, sliceMs: 4 },
  ...{ standing: { sinceMs: 2_000, waitMs: 500 }, few: 64 },
} as const;

/** What an agent talks to. Public: no key, and of the caller only the network is looked at. */
export function registerIngest(app: FastifyInstance, deps: IngestRoutesDeps): void {
  const lane = new Lane({ ...REPORTS, ...(deps.givesWay ? { givesWay: deps.givesWay } : {}) });
  const { metrics } = deps;
  // Before a body is read: nothing has been spent on it yet.
  deps.door?.keep('POST', '/v1/reports', { isShut: () => lane.full, turnedAway: () => metrics.turnedAway() });
  app.post('/v1/reports', async (request, reply) => {
    const body = (request.body as Uint8Array) ?? new Uint8Array();
    const admission = deps.admissionOf(request);
    const gone = () => request.raw.socket.destroyed;
    const answer = await metrics.observe(() =>
      lane.run(() => ingestOne(body, deps, admission), gone).finally(() => body.fill(0)),
    );
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
