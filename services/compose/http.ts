import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { MAX_INFLATED_BYTES, MAX_WIRE_BYTES } from '../../schemas/report.ts';
import { type Check, registerHealth, registerMetrics } from '../http/health.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { buildHttp } from '../http/server.ts';
import { ingestProblem } from '../ingest/routes.ts';
import { Failure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';
import { packageVersion } from '../shared/package-root.ts';
import type { Resources } from '../shared/resources.ts';
import type { Shared } from './environment.ts';
import { listenFailure } from './ports-free.ts';

/** The server that every role adds its routes to. */
export function buildApp(journal: Log): FastifyInstance {
  const app = buildHttp({
    log: journal,
    maxWireBytes: MAX_WIRE_BYTES,
    maxInflatedBytes: MAX_INFLATED_BYTES,
    problemOf: ingestProblem,
  });
  securityHeaders(app);
  return app;
}

/**
 * Listens last, when everything behind it is open; closes first, answering what is in flight. Resolves to where, such
 * as `http://127.0.0.1:8080`.
 */
export async function listen(
  app: FastifyInstance,
  checks: readonly Check[],
  { config, journal, registry }: Shared,
  resources: Resources,
): Promise<string> {
  const { port, host, metricsPort } = config;
  let closing = false;
  const server = { name: 'server', check: async () => void (closing && refuse()) };
  registerHealth(app, packageVersion(), [...checks, server]);
  const metrics = metricsPort === 0 ? app : buildHttp({ log: journal, maxWireBytes: 1024, maxInflatedBytes: 1024 });
  registerMetrics(metrics, registry);
  if (metrics !== app) {
    resources.onClose(() => metrics.close());
    await listenAt(metrics, { host, port: metricsPort, setting: 'ROLLCALL_METRICS_PORT' });
  }
  resources.onClose(() => {
    // Whoever balances load sends no more, while what has arrived is answered.
    closing = true;
    return app.close();
  });
  await listenAt(app, { host, port, setting: 'PORT' });
  return urlOf(app.server.address() as AddressInfo);
}

async function listenAt(app: FastifyInstance, where: { host: string; port: number; setting: string }): Promise<void> {
  await app.listen({ port: where.port, host: where.host }).catch((thrown: unknown) => {
    throw listenFailure(thrown, where);
  });
}

function refuse(): never {
  throw new Failure('closing');
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
