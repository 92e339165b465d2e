import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Catalog } from '../../schemas/catalog.ts';
import type { Check } from '../http/health.ts';
import type { MappingList } from '../ingest/known-mappings.ts';
import type { AccessStore } from '../ports/access-store.ts';
import type { CatalogStore } from '../ports/catalog-store.ts';
import type { CountStore } from '../ports/count-store.ts';
import type { FactLog } from '../ports/fact-log.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { claimFormat } from '../shared/data-format.ts';
import { lockDirectory } from '../shared/directory-lock.ts';
import { loadCatalog } from '../shared/load-catalog.ts';
import type { Log } from '../shared/log.ts';
import type { Resources } from '../shared/resources.ts';
import { openFactLog, openJobQueue, openStores } from './adapters.ts';
import { composeSigning, type Signing } from './signing.ts';

export const ROLES = ['ingest', 'aggregate', 'api', 'jobs'] as const;
export type Role = (typeof ROLES)[number];

export interface Environment {
  readonly config: Config;
  readonly clock: Clock;
  readonly journal: Log;
}

/** `kill -9` where {@link Config.failAt} says: how tests show that a close survives it. */
function failPointOf({ failAt }: Config): (name: string) => void {
  return (name) => {
    if (name === failAt) process.kill(process.pid, 'SIGKILL');
  };
}

/** What services are built from. A role that needs a port has it opened before it is composed. */
export interface Parts extends Environment {
  readonly registry: Registry;
  readonly checks: Check[];
  readonly catalog: Catalog;
  readonly signing: Signing;
  readonly failPoint: (name: string) => void;
  store: CountStore | undefined;
  mappings: CatalogStore | undefined;
  access: AccessStore | undefined;
  releases: ReleaseStore | undefined;
  /** The curators' mappings as ingest knows them; `refresh` where this process is told of new ones itself. */
  known: (MappingList & { refresh?(): Promise<void> }) | undefined;
  log: FactLog | undefined;
  jobs: JobQueue | undefined;
}

export async function openParts(
  roles: readonly Role[],
  environment: Environment,
  resources: Resources,
): Promise<Parts> {
  const { config } = environment;
  const needs = (...wanted: Role[]) => wanted.some((role) => roles.includes(role));
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const parts: Parts = {
    ...{ ...environment, registry, checks: [], catalog: loadCatalog() },
    ...{ signing: composeSigning(config), failPoint: failPointOf(config) },
    ...NOTHING,
  };
  if (config.logUrl.startsWith('lmdb:') || config.storeUrl.startsWith('chdb:')) {
    resources.add(lockDirectory(config.dataDirectory));
    claimFormat(config.dataDirectory);
  }
  if (needs('aggregate', 'api', 'jobs')) await openStore(parts, resources);
  if (needs('ingest', 'aggregate', 'jobs')) {
    const log = resources.add(await openFactLog(config, environment.clock));
    parts.log = log;
    parts.checks.push({ name: 'log', check: () => log.check() });
  }
  if (needs('api', 'jobs') && !config.storeUrl.startsWith('chdb:') && config.signingKeyFile === undefined)
    environment.journal.warn('releases are signed with a key of this process: share one by ROLLCALL_SIGNING_KEY_FILE');
  // A queue in memory belongs to the process that works on it.
  if (needs('jobs') || (needs('api') && !config.jobsUrl.startsWith('memory:')))
    parts.jobs = resources.add(await openJobQueue(config));
  return parts;
}

const NOTHING = {
  store: undefined,
  mappings: undefined,
  access: undefined,
  releases: undefined,
  known: undefined,
  log: undefined,
  jobs: undefined,
};

async function openStore(parts: Parts, resources: Resources): Promise<void> {
  const { counts, ...others } = await openStores(parts.config);
  resources.add(counts);
  await counts.migrate();
  Object.assign(parts, others, { store: counts });
  parts.checks.push({ name: 'store', check: () => counts.check() });
}

export function opened<T>(port: T | undefined): T {
  if (port === undefined) throw new Error('a role was composed without the port it needs');
  return port;
}
