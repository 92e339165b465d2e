import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Period } from '../../schemas/period.ts';
import { policyDocument } from '../../schemas/policy-document.ts';
import { reportJsonSchema } from '../../schemas/report.ts';
import { AGGREGATOR_GROUP, runAggregator } from '../aggregator/aggregator.ts';
import { aggregatorMetrics, lagMetric } from '../aggregator/metrics.ts';
import { COMPACT_JOB, SNAPSHOT_JOB, takeSnapshots } from '../aggregator/snapshot-job.ts';
import { allRoutes } from '../api/all-routes.ts';
import { buildAccess } from '../api/keys/build-access.ts';
import { catalogueVersion } from '../core/mapping.ts';
import { openPeriods, periodAt } from '../core/period.ts';
import { parseTrustedProxies, type TrustedProxies } from '../http/addresses/client-address.ts';
import { registerDocuments } from '../http/documents.ts';
import { AddressNames, rateLimit } from '../http/limits/rate-limit.ts';
import { serveRoutes } from '../http/serve-routes.ts';
import { conformanceDocument } from '../identify/conformance.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import type { Identifier } from '../identify/identity.ts';
import { withMappings } from '../identify/mapped.ts';
import { KnownMappings, noMappings, ownMappings } from '../ingest/known-mappings.ts';
import { ingestMetrics, pendingMetric } from '../ingest/metrics.ts';
import { Mixer } from '../ingest/mixer.ts';
import { openPeriodsBy } from '../ingest/open-periods.ts';
import { registerIngest } from '../ingest/routes.ts';
import type { FactLog } from '../ports/fact-log.ts';
import { scheduleCloses } from '../releases/close/close-jobs.ts';
import { hasReached } from '../releases/close/progress.ts';
import { type AdminKey, loadAdminKey } from '../shared/admin-key.ts';
import { type Config, ConfigError } from '../shared/config.ts';
import { describeFailure, Failure } from '../shared/failure.ts';
import type { Resources } from '../shared/resources.ts';
import { openCatalogStore } from './adapters.ts';
import { composeConsole } from './console.ts';
import { opened, type Parts } from './parts.ts';
import { composeCloses, composeReleaseRoutes } from './releases.ts';

/** Blocks of this many reports do not wait for more: they mix well, and a loaded server does not idle. */
const FULL_BLOCK = 64;
/** Reports held in memory on their way to the log; more are answered 503. */
const MAX_PENDING = 10_000;

/** What an owner and an agent may read before anything is sent. */
export function composeDocuments(app: FastifyInstance, { catalog, clock, config }: Parts): void {
  const json = 'application/json; charset=utf-8';
  const period = periodAt(clock.now());
  registerDocuments(app, [
    { path: '/v1/policy', type: json, content: policyDocument(config.threshold) },
    { path: '/v1/catalog', type: json, content: catalog },
    {
      path: '/v1/catalog/conformance',
      type: json,
      content: conformanceDocument(catalog, buildIdentifier(catalog, period), period),
    },
    { path: '/schemas/report/1.json', type: 'application/schema+json', content: reportJsonSchema() },
  ]);
}

/**
 * How a process that takes reports learns the curators' mappings. Embedded, it is the only one that adds any. With a
 * store that is a server it looks there: its address is in the environment of every role. Without either it has the
 * catalogue as shipped, and says so.
 */
export async function learnMappings(parts: Parts, resources: Resources): Promise<NonNullable<Parts['known']>> {
  const { config, clock, journal, checks } = parts;
  const embedded = config.storeUrl.startsWith('chdb:');
  if (embedded && parts.mappings) return ownMappings(parts.mappings);
  if (embedded) {
    journal.warn('no store to learn mappings from: unlisted names stay unlisted');
    return noMappings;
  }
  const store = await openCatalogStore(config);
  const path = join(config.dataDirectory, 'catalog-mappings.json');
  const known = resources.add(new KnownMappings({ store, clock, journal, path }));
  const current = () => known.completeFor(openPeriods(clock.now())[0] as Period);
  checks.push({ name: 'catalog', check: async () => void current() });
  return known;
}

export function composeIngest(app: FastifyInstance, parts: Parts, resources: Resources): void {
  const { config, clock, catalog, registry } = parts;
  const mixer = resources.add(
    new Mixer(opened(parts.log), { flushMs: config.flushMs, maxReports: FULL_BLOCK, maxPending: MAX_PENDING }),
  );
  pendingMetric(registry, mixer);
  const known = opened(parts.known);
  const identifierOf = onePerPeriod((period) =>
    withMappings(buildIdentifier(catalog, period), known.completeFor(period), period),
  );
  const names = new AddressNames(clock, trustedProxies(config));
  const limit = { name: 'reports', perMinute: config.reportsPerMinute, clock, tell: 'when-refused' } as const;
  rateLimit(app, { ...limit, method: 'POST', path: '/v1/reports', names });
  registerIngest(app, { openPeriods: openPeriodsBy(clock), identifierOf, mixer, metrics: ingestMetrics(registry) });
}

export function composeAggregator(parts: Parts, resources: Resources): void {
  const { journal, registry } = parts;
  const log = opened(parts.log);
  lagMetric(registry, log);
  const stop = new AbortController();
  const close = { releases: opened(parts.releases), clock: parts.clock };
  const isClosed = (period: Period) => hasReached('DRAINED', period, close);
  const deps = { log, store: opened(parts.store), isClosed, metrics: aggregatorMetrics(registry), journal };
  const running = runAggregator(deps, stop.signal).catch((thrown: unknown) => {
    // Consuming retries by itself: when it ends, this process can only be restarted.
    journal.error('consuming ended', describeFailure(thrown));
    parts.checks.push({ name: 'aggregator', check: () => Promise.reject(new Failure('consuming-ended')) });
  });
  resources.onClose(async () => {
    stop.abort();
    await running;
  });
}

/** Resolves when every block that was appended is in the facts table. */
export async function drained(log: FactLog | undefined): Promise<void> {
  const pending = async () => {
    const periods = (await log?.periods()) ?? [];
    const blocks = await Promise.all(periods.map((period) => log?.pending(AGGREGATOR_GROUP, period) ?? 0));
    return blocks.reduce((sum, n) => sum + n, 0);
  };
  while ((await pending()) > 0) await sleep(50);
}

/** A part that has not been merged holds what arrived within a second or so: at low traffic, one report. */
const COMPACT_EVERY_MS = 10 * 60 * 1_000;
const RETRIES = { attempts: 3, backoffMs: 1_000 } as const;

/** Counts every period that takes reports, or whose close has not begun. */
export function composeSnapshots(parts: Parts): () => Promise<void> {
  const { config, clock, journal, catalog } = parts;
  const { threshold, provisional: guard } = config;
  const releases = opened(parts.releases);
  const isClosing = (period: Period) => hasReached('CLOSING', period, { releases, clock });
  const catalogue = async () => catalogueVersion(catalog.version, await opened(parts.mappings).mappings());
  return () => takeSnapshots({ store: opened(parts.store), clock, threshold, guard, catalogue, isClosing, journal });
}

/** Has every job done by this process, on schedule and on demand. */
export async function composeJobs(parts: Parts, takeSnapshot: () => Promise<void>): Promise<void> {
  const { config, checks } = parts;
  const jobs = opened(parts.jobs);
  jobs.handle(SNAPSHOT_JOB, takeSnapshot, RETRIES);
  jobs.handle(COMPACT_JOB, () => opened(parts.store).compactFacts(), RETRIES);
  composeCloses(parts, jobs);
  await jobs.schedule(SNAPSHOT_JOB, config.snapshotSeconds * 1_000);
  await jobs.schedule(COMPACT_JOB, COMPACT_EVERY_MS);
  await scheduleCloses(jobs);
  await jobs.start();
  checks.push({ name: 'jobs', check: () => jobs.check() });
}

export function composeApi(app: FastifyInstance, parts: Parts): AdminKey {
  const { config, clock, catalog, known } = parts;
  const adminKey = loadAdminKey(config.adminKey, config.dataDirectory);
  const { access, routes: keyDeps } = buildAccess({
    store: opened(parts.access),
    clock,
    adminKey: adminKey.key,
    proxies: trustedProxies(config),
    readsPerMinute: config.readsPerMinute,
  });
  const deps = { store: opened(parts.store), threshold: config.threshold, ...composeReleaseRoutes(parts) };
  const routes = allRoutes({
    ...keyDeps,
    ...deps,
    catalog,
    mappings: opened(parts.mappings),
    identifierOf: onePerPeriod((period) => buildIdentifier(catalog, period)),
    ...(known?.refresh ? { onAdded: () => known.refresh?.() ?? Promise.resolve() } : {}),
  });
  serveRoutes(app, routes, access);
  composeConsole(app, access, parts);
  return adminKey;
}

function trustedProxies({ trustedProxies: text }: Config): TrustedProxies {
  const proxies = parseTrustedProxies(text);
  if (!proxies) throw new ConfigError(['ROLLCALL_TRUSTED_PROXIES: expected a number of proxies, or networks']);
  return proxies;
}

/** Rules are pinned for a period's length, so each period has its identifier. */
function onePerPeriod(build: (period: Period) => Identifier): (period: Period) => Identifier {
  const built = new Map<Period, Identifier>();
  return (period) => {
    const identifier = built.get(period) ?? build(period);
    built.set(period, identifier);
    return identifier;
  };
}
