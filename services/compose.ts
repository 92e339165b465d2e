import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { MAX_INFLATED_BYTES, MAX_WIRE_BYTES } from '../schemas/report.ts';
import { AGGREGATOR_GROUP } from './aggregator/aggregator.ts';
import { securityHeaders } from './api/access/security-headers.ts';
import { openFactLog, openJobQueue, openStores } from './compose-adapters.ts';
import {
  composeAggregator,
  composeApi,
  composeDocuments,
  composeIngest,
  composeJobs,
  learnMappings,
  type Parts,
} from './compose-services.ts';
import { ingestProblem } from './ingest/routes.ts';
import type { FactLog } from './ports/fact-log.ts';
import type { Clock } from './shared/clock.ts';
import type { Config } from './shared/config.ts';
import { lockDirectory } from './shared/directory-lock.ts';
import { registerHealth, registerMetrics } from './shared/health.ts';
import { buildHttp } from './shared/http.ts';
import { loadCatalog } from './shared/load-catalog.ts';
import type { Log } from './shared/log.ts';
import { packageVersion } from './shared/package-root.ts';
import { Resources } from './shared/resources.ts';

export const ROLES = ['ingest', 'aggregate', 'api', 'jobs'] as const;
export type Role = (typeof ROLES)[number];

export interface Environment {
  readonly config: Config;
  readonly clock: Clock;
  readonly journal: Log;
}

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
  if (roles.includes('aggregate')) composeAggregator(parts, resources);
  const snapshot = composeJobs(parts);
  if (roles.includes('jobs')) await snapshot.schedule(resources.add(await openJobQueue(environment.config)));
  const adminKey = roles.includes('api') ? composeApi(app, parts) : undefined;
  if (roles.includes('api') || roles.includes('ingest')) composeDocuments(app, parts);
  if (roles.includes('ingest')) composeIngest(app, parts, resources);
  registerHealth(app, packageVersion(), parts.checks);
  await serve(app, parts, environment, resources);
  return {
    url: urlOf(app.server.address() as AddressInfo),
    adminKeyPath: adminKey?.path,
    drain: () => drained(parts.log),
    snapshot: snapshot.take,
    close: () => resources.close(),
  };
}

async function openParts(roles: readonly Role[], environment: Environment, resources: Resources): Promise<Parts> {
  const { config } = environment;
  const needs = (...wanted: Role[]) => wanted.some((role) => roles.includes(role));
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const parts: Parts = {
    ...environment,
    registry,
    checks: [],
    catalog: loadCatalog(),
    store: undefined,
    mappings: undefined,
    access: undefined,
    known: undefined,
    log: undefined,
  };
  if (config.logUrl.startsWith('lmdb:') || config.storeUrl.startsWith('chdb:'))
    resources.add(lockDirectory(config.dataDirectory));
  if (needs('aggregate', 'api', 'jobs')) {
    const { counts: store, mappings, access } = await openStores(config);
    resources.add(store);
    await store.migrate();
    parts.store = store;
    parts.mappings = mappings;
    parts.access = access;
    parts.checks.push({ name: 'store', check: () => store.check() });
  }
  if (needs('ingest', 'aggregate')) {
    const log = resources.add(await openFactLog(config, environment.clock));
    parts.log = log;
    parts.checks.push({ name: 'log', check: () => log.check() });
  }
  if (needs('ingest')) parts.known = await learnMappings(parts, resources);
  return parts;
}

/** Listens last, when everything behind it is open; closes first, answering what is in flight. */
async function serve(
  app: FastifyInstance,
  { registry }: Parts,
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
  resources.onClose(() => app.close());
  await app.listen({ port, host });
}

async function drained(log: FactLog | undefined): Promise<void> {
  const pending = async () => {
    const periods = (await log?.periods()) ?? [];
    const blocks = await Promise.all(periods.map((period) => log?.pending(AGGREGATOR_GROUP, period) ?? 0));
    return blocks.reduce((sum, n) => sum + n, 0);
  };
  while ((await pending()) > 0) await sleep(50);
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
