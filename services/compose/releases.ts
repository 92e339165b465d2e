import type { Catalog } from '../../schemas/catalog.ts';
import type { Period } from '../../schemas/period.ts';
import { POLICY_VERSION } from '../../schemas/policy-document.ts';
import { AGGREGATOR_GROUP } from '../aggregator/aggregator.ts';
import type { ReleaseRoutesDeps } from '../api/releases/release-routes.ts';
import { catalogueVersion } from '../core/mapping.ts';
import { nameOf } from '../identify/name.ts';
import { OTHER } from '../identify/platform.ts';
import { Vendors } from '../identify/vendors.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { CloseDeps } from '../releases/close/close-deps.ts';
import { CLOSE_DUE_JOB, CLOSE_JOB, CLOSE_RETRIES, handleCloses, ISSUE_JOB } from '../releases/close/close-jobs.ts';
import { closeMetrics } from '../releases/close/close-metrics.ts';
import { requestClose } from '../releases/close/request-close.ts';
import { DELIVER_JOB, DELIVER_OPTIONS, deliverRelease, redeliver } from '../releases/delivery/deliver.ts';
import { sendDue } from '../releases/delivery/send-due.ts';
import { webhookUrlFault } from '../releases/delivery/webhook-target.ts';
import { issueReleases } from '../releases/issue/issue-releases.ts';
import { systemClock } from '../shared/clock.ts';
import { opened, type Parts } from './parts.ts';

function composeClose(parts: Parts, jobs: Pick<JobQueue, 'enqueue'>): CloseDeps {
  const { config, clock, journal, catalog, registry } = parts;
  const log = opened(parts.log);
  const releases = opened(parts.releases);
  const vendors = new Vendors(catalog.vendors);
  const { failPoint } = parts;
  const issueDeps = { releases, vendors, signingKey: parts.signing.key, clock, failPoint };
  return {
    counts: opened(parts.store),
    log,
    releases,
    pending: (period: Period) => log.pending(AGGREGATOR_GROUP, period),
    catalogue: async () => catalogueVersion(catalog.version, await opened(parts.mappings).mappings()),
    policyVersion: POLICY_VERSION,
    requireSigningKey: () => void parts.signing.key(),
    storeClock: secondClock(parts),
    issue: (period) => issueReleases(period, issueDeps),
    sendDue: () => sendDue({ releases, jobs }),
    threshold: config.threshold,
    clock,
    metrics: closeMetrics(registry, releases),
    journal,
    failPoint,
  };
}

/** A server's clock. The embedded store has ours, and a clock that was set is meant to differ. */
function secondClock({ config, clock, store }: Parts): (() => Promise<number>) | undefined {
  const second = clock === systemClock && !config.storeUrl.startsWith('chdb:');
  return second ? () => opened(store).now() : undefined;
}

/** Has the jobs of closes and deliveries done by this process. Returns what a close is made from. */
export function composeCloses(parts: Parts, jobs: JobQueue): CloseDeps {
  const { config, clock } = parts;
  const { webhookSecret } = parts.signing;
  const close = composeClose(parts, jobs);
  handleCloses(jobs, close);
  const deliver = { releases: opened(parts.releases), clock, webhookSecret, webhook: { lab: config.webhookLab } };
  jobs.handle(DELIVER_JOB, (payload) => deliverRelease(payload, deliver), DELIVER_OPTIONS);
  return close;
}

/** Names the jobs that a process enqueues and leaves to others. */
export function nameCloseJobs(jobs: JobQueue): void {
  for (const name of [CLOSE_DUE_JOB, CLOSE_JOB, ISSUE_JOB]) jobs.handle(name, () => Promise.resolve(), CLOSE_RETRIES);
  jobs.handle(DELIVER_JOB, () => Promise.resolve(), DELIVER_OPTIONS);
}

/** What the API's routes about releases are made from. */
export function composeReleaseRoutes(parts: Parts): Omit<ReleaseRoutesDeps, 'audit'> {
  const { config, clock, catalog, signing } = parts;
  const releases = opened(parts.releases);
  // Without a queue (the API alone, embedded) whoever runs the jobs does it at their next run.
  const jobs = parts.jobs ?? { enqueue: () => Promise.resolve() };
  return {
    releases,
    clock,
    issue: (period) => jobs.enqueue(ISSUE_JOB, period, { period }),
    publicKey: () => ({ pem: signing.key().publicPem, keyId: signing.key().keyId }),
    webhookSecret: signing.webhookSecret,
    webhookUrlFault: (url) => webhookUrlFault(url, config.webhookLab),
    redeliver: (release) => redeliver(release, { releases, clock, jobs }),
    vendors: new Set(catalog.vendors.map(({ name }) => nameOf(name))),
    platforms: platformNames(catalog),
    closes: { request: (period) => requestClose(period, { counts: opened(parts.store), releases, clock, jobs }) },
  };
}

/** As they stand in cells, without a version. */
function platformNames({ rules }: Catalog): ReadonlySet<string> {
  const ofPlatforms = rules.filter(({ scope }) => scope === 'platform').flatMap((file) => file.rules);
  return new Set([OTHER, ...ofPlatforms.map(({ model }) => nameOf(model))]);
}
