import type { Period } from '../../schemas/period.ts';
import type { Check } from '../http/health.ts';
import { rememberedCheck } from '../http/remembered-check.ts';
import type { JobEnqueuer } from '../ports/job-enqueuer.ts';
import { Resources } from '../shared/resources.ts';
import type { Tracer } from '../shared/traces.ts';
import { aggregate, drained } from './aggregator.ts';
import { api } from './api.ts';
import { nameReleaseJobs } from './closes.ts';
import { serveDocuments } from './documents.ts';
import { type Environment, type Shared, sharedIn } from './environment.ts';
import { buildApp, listen } from './http.ts';
import { ingest } from './ingest.ts';
import { runJobs, snapshots } from './jobs.ts';
import { type Known, learnMappings } from './known-mappings.ts';
import { serveMetrics } from './metrics.ts';
import { type Parts, partsIn } from './parts.ts';
import { checkPorts } from './ports-free.ts';
import { ROLES, type Role, type Served } from './role.ts';
import { tracedLog, tracedTable, tracerOf } from './traced.ts';

export interface Running {
  /** Where HTTP is served, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where metrics are, when they are served. */
  readonly metricsUrl: string | undefined;
  /** Where the admin key was written, when it was not configured. */
  readonly adminKeyPath: string | undefined;
  /** What readiness asks. */
  readonly checks: readonly Check[];
  /** Answers what is in flight, flushes, closes everything in reverse order. */
  close(): Promise<void>;
}

/** Every role in one process. */
export interface Whole extends Running {
  /** Resolves when every block that was appended is in the facts table. */
  drain(): Promise<void>;
  /** Counts every period now. */
  snapshot(): Promise<void>;
  /** Keys of the facts that are held of a period: see FactKeys. */
  factKeys(period: Period): Promise<number[]>;
  /** The metrics as text, wherever they are served. */
  metrics(): Promise<string>;
}

/** Opens what the roles need and begins to serve. Whatever was opened is closed again when a later part fails. */
export function start(roles: readonly Role[], environment: Environment): Promise<Running> {
  return closedOnFailure(async (resources) => (await startRoles(roles, environment, resources)).running);
}

export function startWhole(environment: Environment): Promise<Whole> {
  return closedOnFailure(async (resources) => {
    const { running, shared, parts } = await startRoles(ROLES, environment, resources);
    const [log, store] = [await parts.log(), await parts.store()];
    return {
      ...running,
      drain: () => drained(log),
      snapshot: snapshots({ ...shared, ...store }),
      factKeys: (period) => store.counts.factKeys(period),
      metrics: () => shared.registry.metrics(),
    };
  });
}

async function closedOnFailure<T>(begin: (resources: Resources) => Promise<T>): Promise<T> {
  const resources = new Resources();
  try {
    return await begin(resources);
  } catch (thrown) {
    await resources.close().catch(() => {});
    throw thrown;
  }
}

async function startRoles(roles: readonly Role[], environment: Environment, resources: Resources) {
  await checkPorts(environment.config);
  const shared = sharedIn(environment);
  // A setting that cannot work is none that is taken.
  if (signs(roles) && environment.config.signingKeyFile !== undefined) shared.signing.check();
  const parts = partsIn(environment, resources);
  const tracer = tracerOf(roles, environment, resources);
  const house = { roles, shared, parts, tracer, known: knownIn(roles, shared, parts, resources) };
  warnOfOwnKey(roles, environment);
  const served: Served[] = [];
  for (const role of IN_ORDER) if (roles.includes(role)) served.push(await BUILD[role](house));
  const app = buildApp(environment.journal, environment.config, shared.door);
  for (const one of served) {
    resources.onClose(async () => one.close?.());
    await one.run?.();
    one.serve?.(app);
  }
  if (roles.includes('api') || roles.includes('ingest')) serveDocuments(app, shared);
  const asked = [...parts.checks(), ...served.flatMap((one) => one.checks ?? []), ...ofSigning(roles, shared)];
  const checks = asked.map((one) => rememberedCheck(one));
  const hasStore = roles.some((role) => role !== 'ingest');
  const metricsUrl = await serveMetrics({ shared, parts, hasStore, resources });
  const url = await listen(app, checks, shared, resources);
  resources.onClose(async () => {
    for (const one of served) one.hurry?.();
  });
  const adminKeyPath = roles.includes('api') ? shared.adminKey().path : undefined;
  const running: Running = { url, metricsUrl, adminKeyPath, checks, close: () => resources.close() };
  return { running, shared, parts };
}

/** A key of our own that was emptied or damaged stops closes, before anything is destroyed, and not the reports. */
function ofSigning(roles: readonly Role[], { signing }: Shared): Check[] {
  return signs(roles) ? [{ name: 'signing-key', check: async () => signing.check() }] : [];
}

interface House {
  readonly roles: readonly Role[];
  readonly shared: Shared;
  readonly parts: Parts;
  readonly known: () => Promise<Known>;
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined;
}

/** Embedded, the store of this process is the only one that mappings are added to. */
function knownIn(roles: readonly Role[], shared: Shared, parts: Parts, resources: Resources): () => Promise<Known> {
  const hasStore = roles.some((role) => role !== 'ingest');
  let known: Promise<Known> | undefined;
  const learn = async () => learnMappings(shared, hasStore ? await parts.store() : undefined, resources);
  return () => (known ??= learn());
}

/** jobs before api: it asks for what jobs work on before either asks for the queue. See {@link Parts}. */
const IN_ORDER: readonly Role[] = ['ingest', 'aggregate', 'jobs', 'api'];

/** What each role is built over. */
const BUILD: Readonly<Record<Role, (house: House) => Promise<Served>>> = {
  async ingest({ shared, parts, known, tracer }) {
    const log = tracedLog(await parts.log(), tracer);
    const learned = await known();
    const [counters, requests] = [await parts.counters(), await parts.requests()];
    warnOfMonthKeys(shared);
    const { held, closes, checks } = learned;
    return { ...ingest({ ...shared, log, known: learned, held, closes, counters, requests }), checks };
  },
  async aggregate({ shared, parts, tracer }) {
    const store = await parts.store();
    return aggregate({ ...shared, ...store, counts: tracedTable(store.counts, tracer), log: await parts.log() });
  },
  async jobs(house) {
    const { shared, parts } = house;
    const store = await parts.store();
    const [log, onCapChosen] = [await parts.log(), await onAddedIn(house)];
    const learned = house.roles.includes('ingest') ? await house.known() : undefined;
    const stopReports = (period: Period) => learned?.stopReports?.(period);
    const deps = { ...shared, ...store, log, onCapChosen, stopReports, takesReports: learned !== undefined };
    return runJobs({ ...deps, jobs: await parts.jobs() });
  },
  async api(house) {
    const { shared, parts } = house;
    const store = await parts.store();
    const [jobs, onAdded] = [await enqueuerOf(house), await onAddedIn(house)];
    const requests = await parts.requests();
    return api({ ...shared, ...store, jobs, requests, onAdded, deadLetters: () => parts.log() });
  },
};

/** A queue in memory belongs to the process that works on it: without one, whoever runs the jobs does it at their next run. */
async function enqueuerOf({ roles, shared, parts }: House): Promise<JobEnqueuer> {
  if (roles.includes('jobs')) return parts.jobs();
  if (shared.config.jobs.kind === 'memory') return { enqueue: () => Promise.resolve() };
  const queue = await parts.jobs();
  nameReleaseJobs(queue);
  return queue;
}

async function onAddedIn({ roles, known }: House): Promise<() => Promise<void>> {
  const learned = roles.includes('ingest') ? await known() : undefined;
  return async () => learned?.refresh?.();
}

function signs(roles: readonly Role[]): boolean {
  return roles.includes('api') || roles.includes('jobs');
}

function warnOfMonthKeys({ config, monthKeys, journal }: Shared): void {
  if (config.monthKeys.secret === undefined && monthKeys.inMemory() === false)
    journal.warn('the month keys are on a disk: set ROLLCALL_MONTH_KEY_DIR to a directory on a memory file system');
  // Of a directory by default nobody has said that jobs finds the same keys there.
  if (config.log.kind === 'kafka' && config.monthKeys.secret === undefined && config.monthKeys.prefix !== '')
    journal.warn(
      'the month keys may be of this process alone: give ingest and jobs one ROLLCALL_MONTH_KEY_DIR or _SECRET',
    );
}

function warnOfOwnKey(roles: readonly Role[], { config, journal }: Environment): void {
  if (signs(roles) && config.store.kind !== 'chdb' && config.signingKeyFile === undefined)
    journal.warn('releases are signed with a key of this process: share one by ROLLCALL_SIGNING_KEY_FILE');
}
