import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Catalog } from '../../schemas/catalog.ts';
import { Door } from '../http/limits/door.ts';
import type { Lane } from '../http/limits/lane.ts';
import { readsLane } from '../http/serve-routes.ts';
import { type IdentifierOf, identifiersOf } from '../identify/identifiers.ts';
import { type AdminKey, loadAdminKey } from '../shared/admin-key.ts';
import type { Clock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { loadCatalog } from '../shared/load-catalog.ts';
import type { Log } from '../shared/log.ts';
import { MonthKeys } from '../shared/month-keys.ts';
import { BeforeShown } from './before-shown.ts';
import { type Signing, signingBy } from './signing.ts';

/** What a process is given. */
export interface Environment {
  readonly config: Config;
  readonly clock: Clock;
  readonly journal: Log;
}

/** What all roles of a process share. Keys are read, and made, when they are first needed. */
export interface Shared extends Environment {
  readonly registry: Registry;
  readonly catalog: Catalog;
  /** By the catalogue as shipped; the same for whoever asks. */
  readonly identifierOf: IdentifierOf;
  readonly signing: Signing;
  /** What tickets, limits and sealed names are made with. */
  readonly monthKeys: MonthKeys;
  readonly adminKey: () => AdminKey;
  /** What reads wait in: reports of the same process give way to them. */
  readonly reads: Lane;
  /** What a new snapshot waits for before it is shown. */
  readonly beforeShown: BeforeShown;
  /** Before the server that every role adds its routes to. */
  readonly door: Door;
  readonly failPoint: (name: string) => void;
}

export function sharedIn(environment: Environment): Shared {
  const { adminKey, dataDirectory, signingKeyFile, failAt } = environment.config;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let loaded: AdminKey | undefined;
  const catalog = loadCatalog();
  return {
    ...environment,
    registry,
    catalog,
    identifierOf: identifiersOf(catalog),
    monthKeys: new MonthKeys(environment.config.monthKeys),
    signing: signingBy(signingKeyFile ?? join(dataDirectory, 'signing-key.pem')),
    adminKey: () => (loaded ??= loadAdminKey(adminKey, dataDirectory)),
    reads: readsLane(),
    beforeShown: new BeforeShown(),
    door: new Door(),
    failPoint: failPointAt(failAt),
  };
}

/** `kill -9` where {@link Config.failAt} says: how tests show that a close survives it. */
function failPointAt(failAt: string | undefined): (name: string) => void {
  return (name) => {
    if (name === failAt) process.kill(process.pid, 'SIGKILL');
  };
}
