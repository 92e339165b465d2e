import type { Catalog } from '../../schemas/catalog.ts';
import { allRoutes } from '../api/all-routes.ts';
import { rememberingCells } from '../api/counts/remembered-cells.ts';
import { type AccessDeps, buildAccess } from '../api/keys/build-access.ts';
import type { ReleaseRoutesDeps } from '../api/releases/release-routes.ts';
import { periodAt } from '../core/period.ts';
import type { Access } from '../http/access.ts';
import type { AddressNames } from '../http/limits/rate-limit.ts';
import type { Route } from '../http/route.ts';
import { serveRoutes } from '../http/serve-routes.ts';
import { endsOfLife } from '../identify/ends-of-life.ts';
import { nameOf } from '../identify/name.ts';
import { NameBook } from '../identify/name-book.ts';
import { OTHER } from '../identify/platform.ts';
import type { ArrivalReader } from '../ports/arrivals.ts';
import type { CountReader } from '../ports/count-reader.ts';
import type { DeadLetterDesk } from '../ports/dead-letters.ts';
import type { FactPeriods } from '../ports/fact-periods.ts';
import type { JobEnqueuer } from '../ports/job-enqueuer.ts';
import type { MappingStore } from '../ports/mappings.ts';
import type { RequestCounters } from '../ports/request-counters.ts';
import { ISSUE_JOB } from '../releases/close/close-jobs.ts';
import { requestClose } from '../releases/close/request-close.ts';
import { redeliver } from '../releases/delivery/deliver.ts';
import { webhookUrlFault } from '../releases/delivery/webhook-target.ts';
import { fingerprintOf } from '../releases/files/sign.ts';
import type { RingKey } from '../releases/files/signing-keys.ts';
import { heldBounds } from '../releases/issue/held-bounds.ts';
import { spentTogether } from '../releases/numbers/accountant.ts';
import { serveBuiltConsole } from './console.ts';
import type { Shared } from './environment.ts';
import { limitKeys } from './limit-keys.ts';
import { listLengths, methodOf } from './method.ts';
import { oidcOf } from './oidc.ts';
import { onePerPeriod } from './one-per-period.ts';
import type { Served } from './role.ts';

export interface ApiRoleDeps extends Omit<Shared, 'failPoint' | 'reads' | 'door'> {
  /** Unset: a lane of its own. */
  readonly reads?: Shared['reads'];
  readonly counts: CountReader & ArrivalReader & FactPeriods;
  readonly access: AccessDeps['store'];
  readonly mappings: MappingStore;
  readonly releases: ReleaseRoutesDeps['releases'];
  readonly jobs: JobEnqueuer;
  /** Of this process, or of all that share a Redis. */
  readonly requests: RequestCounters;
  readonly deadLetters: () => Promise<DeadLetterDesk>;
  /** Called when mappings were added: a process that takes reports too need not wait for its next look. */
  readonly onAdded: () => Promise<void>;
}

/** Answers everybody who asks for counts, releases and the catalogue, and serves the console that shows them. */
export function api(deps: ApiRoleDeps): Served {
  const { routes, access } = buildApi(deps);
  return {
    serve: (app) => {
      serveRoutes(app, routes, access, deps.reads);
      serveBuiltConsole(app, access, deps);
    },
  };
}

export interface Api {
  readonly routes: readonly Route[];
  readonly access: Access;
  readonly names: AddressNames;
}

/** `more` replaces what routes of releases are made from. */
export function buildApi(deps: ApiRoleDeps, more: Partial<Omit<ReleaseRoutesDeps, 'audit'>> = {}): Api {
  const { config, clock, catalog, identifierOf, counts, mappings, onAdded } = deps;
  const { access, routes } = buildAccess({
    store: deps.access,
    clock,
    adminKey: deps.adminKey().key,
    proxies: config.trustedProxies,
    readsPerMinute: config.readsPerMinute,
    requests: deps.requests,
    limitKeys: limitKeys(config, deps.signing.limitSecret),
    oidc: oidcOf(config),
  });
  const listed = onePerPeriod((period) => listLengths(catalog, period));
  const store = rememberingCells(counts);
  deps.beforeShown.add((snapshot) => store.prepare(snapshot));
  const shared = {
    deadLetters: deps.deadLetters,
    store,
    arrivals: counts,
    threshold: config.threshold,
    catalog,
    mappings,
    identifierOf,
    method: () => methodOf(config.threshold, listed(periodAt(clock.now()))),
    nameBook: new NameBook(catalog),
    ends: endsOfLife(catalog),
    onAdded,
  };
  return {
    routes: allRoutes({ ...routes, ...shared, ...releaseRoutesDeps(deps), ...more }),
    access,
    names: routes.names,
  };
}

function releaseRoutesDeps(deps: ApiRoleDeps): Omit<ReleaseRoutesDeps, 'audit'> {
  const { config, clock, catalog, signing, counts, releases, jobs } = deps;
  return {
    releases,
    clock,
    issue: (period) => jobs.enqueue(ISSUE_JOB, period, { period }),
    signingKeys: () => signing.keys().map(publishedKey),
    keyPublishedAt: config.keyPublishedAt,
    publishes: config.publicPage,
    spentTogether,
    heldBounds: (period) => heldBounds(period, releases),
    webhookSecret: signing.webhookSecret,
    webhookUrlFault: (url) => webhookUrlFault(url, config.webhookLab),
    redeliver: (release) => redeliver(release, { releases, clock, jobs }),
    vendors: new Set(catalog.vendors.map(({ name }) => nameOf(name))),
    platforms: platformNames(catalog),
    closes: { request: (period) => requestClose(period, { counts, releases, clock, jobs }) },
  };
}

function publishedKey({ key, since, succession }: RingKey) {
  const { keyId, publicKey, publicPem } = key;
  return { keyId, fingerprint: fingerprintOf(publicKey), pem: publicPem, since, succession };
}

/** As they stand in cells, without a version. */
function platformNames({ rules }: Catalog): ReadonlySet<string> {
  const ofPlatforms = rules.filter(({ scope }) => scope === 'platform').flatMap((file) => file.rules);
  return new Set([OTHER, ...ofPlatforms.map(({ model }) => nameOf(model))]);
}
