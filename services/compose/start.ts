import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { MAX_INFLATED_BYTES, MAX_WIRE_BYTES } from '../../schemas/report.ts';
import { registerHealth, registerMetrics } from '../http/health.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { buildHttp } from '../http/server.ts';
import { ingestProblem } from '../ingest/routes.ts';
import { Failure } from '../shared/failure.ts';
import { packageVersion } from '../shared/package-root.ts';
import { Resources } from '../shared/resources.ts';
import { type Environment, openParts, type Parts, type Role } from './parts.ts';
import { nameCloseJobs } from './releases.ts';
import {
  composeAggregator,
  composeApi,
  composeDocuments,
  composeIngest,
  composeJobs,
  composeSnapshots,
  drained,
  learnMappings,
} from './services.ts';

export { type Environment, ROLES, type Role } from './parts.ts';

export interface Running {
  /** Where HTTP is served, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where the admin key was written, when it was not configured. */
  readonly adminKeyPath: string | undefined;
  /** Resolves when every block that was appended is in the facts table. */
  drain(): Promise<void>;
  /** Counts every period now. */
  snapshot(): Promise<void>;
  /** Answers what is in flight, flushes, closes everything in reverse order. */
  close(): Promise<void>;
}

/** Opens what the roles need and begins to serve. Whatever was opened is closed again when a later part fails. */
export async function start(roles: readonly Role[], environment: Environment): Promise<Running> {
  const resources = new Resources();
  try {
    return await startWith(roles, environment, resources);
  } catch (thrown) {
    await resources.close().catch(() => {});
    throw thrown;
  }
}

async function startWith(roles: readonly Role[], environment: Environment, resources: Resources): Promise<Running> {
  const parts = await openParts(roles, environment, resources);
  const app = buildHttp({
    log: environment.journal,
    maxWireBytes: MAX_WIRE_BYTES,
    maxInflatedBytes: MAX_INFLATED_BYTES,
    problemOf: ingestProblem,
  });
  securityHeaders(app);
  // Before the API, which tells it of what it adds itself.
  if (roles.includes('ingest')) parts.known = await learnMappings(parts, resources);
  if (roles.includes('aggregate')) composeAggregator(parts, resources);
  const snapshot = parts.store ? composeSnapshots(parts) : async () => {};
  if (roles.includes('jobs')) await composeJobs(parts, snapshot);
  else if (parts.jobs) nameCloseJobs(parts.jobs);
  const adminKey = roles.includes('api') ? composeApi(app, parts) : undefined;
  if (roles.includes('api') || roles.includes('ingest')) composeDocuments(app, parts);
  if (roles.includes('ingest')) composeIngest(app, parts, resources);
  registerHealth(app, packageVersion(), parts.checks);
  await serve(app, parts, environment, resources);
  return {
    url: urlOf(app.server.address() as AddressInfo),
    adminKeyPath: adminKey?.path,
    drain: () => drained(parts.log),
    snapshot,
    close: () => resources.close(),
  };
}

/** Listens last, when everything behind it is open; closes first, answering what is in flight. */
async function serve(
  app: FastifyInstance,
  { registry, checks }: Parts,
  { config, journal }: Environment,
  resources: Resources,
): Promise<void> {
  const { port, host, metricsPort } = config;
  const metrics = metricsPort === 0 ? app : buildHttp({ log: journal, maxWireBytes: 1024, maxInflatedBytes: 1024 });
  registerMetrics(metrics, registry);
  if (metrics !== app) {
    resources.onClose(() => metrics.close());
    await metrics.listen({ port: metricsPort, host });
  }
  resources.onClose(() => {
    // Whoever balances load sends no more, while what has arrived is answered.
    checks.push({ name: 'server', check: () => Promise.reject(new Failure('closing')) });
    return app.close();
  });
  await app.listen({ port, host });
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
