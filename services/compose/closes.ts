import type { Period } from '../../schemas/period.ts';
import { POLICY_VERSION } from '../../schemas/policy-document.ts';
import { AGGREGATOR_GROUP } from '../aggregator/aggregator.ts';
import { catalogueVersion } from '../core/mapping.ts';
import { listedNames } from '../identify/listed-names.ts';
import { Vendors } from '../identify/vendors.ts';
import type { ClosingCounts } from '../ports/closing-counts.ts';
import type { ClosingLog } from '../ports/closing-log.ts';
import type { JobEnqueuer } from '../ports/job-enqueuer.ts';
import type { JobHandling } from '../ports/job-worker.ts';
import type { Mappings } from '../ports/mappings.ts';
import type { OtherClock } from '../ports/other-clock.ts';
import type { FinalOrder } from '../ports/snapshot.ts';
import type { StoreServer } from '../ports/store-server.ts';
import type { TimesSeen } from '../ports/times-seen.ts';
import type { CloseDeps } from '../releases/close/close-deps.ts';
import { CLOSE_DUE_JOB, CLOSE_JOB, CLOSE_RETRIES, handleCloses, ISSUE_JOB } from '../releases/close/close-jobs.ts';
import { closeMetrics } from '../releases/close/close-metrics.ts';
import { lookingAgain } from '../releases/close/look-again.ts';
import { anyTime, type TimeGuard, timeGuard } from '../releases/close/time-guard.ts';
import { DELIVER_JOB, DELIVER_OPTIONS, type DeliverDeps, deliverRelease } from '../releases/delivery/deliver.ts';
import { sendDue } from '../releases/delivery/send-due.ts';
import { type IssueDeps, issueReleases } from '../releases/issue/issue-releases.ts';
import { listedCells } from '../releases/numbers/listed-cells.ts';
import { systemClock } from '../shared/clock.ts';
import type { MonthKeys } from '../shared/month-keys.ts';
import { SealedNames } from '../shared/sealed-names.ts';
import { hostUptime } from '../shared/uptime.ts';
import type { Shared } from './environment.ts';

/** What closes, issues and deliveries are made over. */
export interface ClosesDeps extends Omit<Shared, 'adminKey'> {
  /** Called when the cap of months to come was chosen: see CloseDeps. */
  readonly onCapChosen?: () => Promise<void>;
  /** See CloseDeps: for a process that takes reports too. */
  readonly stopReports?: CloseDeps['stopReports'];
  readonly counts: ClosingCounts;
  readonly log: ClosingLog & WithClock;
  readonly releases: CloseDeps['releases'] & IssueDeps['releases'] & DeliverDeps['releases'] & TimesSeen;
  readonly mappings: Mappings;
  readonly server: Pick<StoreServer, 'now'>;
  readonly jobs: JobEnqueuer & WithClock;
}

/** What has a clock of its own, if it is a server. */
interface WithClock {
  readonly clock?: OtherClock;
}

/** What opens a month's sealed names, where its key is. */
export function openerBy(keys: Pick<MonthKeys, 'existing'>): (period: Period) => FinalOrder['open'] {
  return (period) => {
    const key = keys.existing(period);
    return key && ((sealed) => new SealedNames(key).open(sealed));
  };
}

export function closeDeps(deps: ClosesDeps): CloseDeps {
  const { config, clock, journal, catalog, registry, signing, failPoint, counts, log, releases, mappings, jobs } = deps;
  const issue = issueDeps(deps);
  return {
    counts,
    log,
    releases,
    openerOf: openerBy(deps.monthKeys),
    forgetKey: (period) => deps.monthKeys.forget(period),
    pending: (period: Period) => log.pending(AGGREGATOR_GROUP, period),
    catalogue: async () => catalogueVersion(catalog.version, await mappings.mappings()),
    listed: async (period) => listedCells(listedNames(catalog, await mappings.mappings(), period)),
    onCapChosen: deps.onCapChosen ?? (() => Promise.resolve()),
    policyVersion: POLICY_VERSION,
    requireSigningKey: () => void signing.keys(),
    otherClocks: otherClocks(deps),
    time: guardOf(deps),
    stopReports: deps.stopReports ?? (() => {}),
    lookAgain: lookingAgain(jobs),
    issue: (period) => issueReleases(period, issue),
    sendDue: () => sendDue({ releases, jobs }),
    threshold: config.threshold,
    clock,
    metrics: closeMetrics(registry, releases, clock),
    journal,
    failPoint,
  };
}

/** Those of servers. What is embedded has ours, and a clock that was set is meant to differ. */
function otherClocks({ config, clock, server, log, jobs }: ClosesDeps): OtherClock[] {
  if (clock !== systemClock) return [];
  return [
    ...(config.store.kind === 'http' ? [{ name: 'store', now: () => server.now() }] : []),
    ...[log.clock, jobs.clock].filter((other) => other !== undefined),
  ];
}

function guardOf({ clock, releases: times, journal }: ClosesDeps): TimeGuard {
  return clock === systemClock ? timeGuard({ times, clock, journal, uptime: hostUptime }) : anyTime;
}

export function issueDeps({ releases, catalog, signing, clock, failPoint, config }: ClosesDeps): IssueDeps {
  const { keyPublishedAt } = config;
  const vendors = new Vendors(catalog.vendors);
  return { releases, vendors, signingKey: signing.keyOf, keyPublishedAt, clock, failPoint };
}

export function deliverDeps({
  releases,
  clock,
  signing,
  config,
}: Pick<Shared, 'clock' | 'signing' | 'config'> & Pick<DeliverDeps, 'releases'>): DeliverDeps {
  return { releases, clock, webhookSecret: signing.webhookSecret, webhook: { lab: config.webhookLab } };
}

/** Has the jobs of closes and deliveries done by this process. */
export function handleReleases(deps: ClosesDeps, jobs: JobHandling): void {
  handleCloses(jobs, closeDeps(deps));
  const deliver = deliverDeps(deps);
  jobs.handle(DELIVER_JOB, (payload) => deliverRelease(payload, deliver), DELIVER_OPTIONS);
}

/** Names the jobs that a process enqueues and leaves to others. */
export function nameReleaseJobs(jobs: JobHandling): void {
  for (const name of [CLOSE_DUE_JOB, CLOSE_JOB, ISSUE_JOB]) jobs.handle(name, () => Promise.resolve(), CLOSE_RETRIES);
  jobs.handle(DELIVER_JOB, () => Promise.resolve(), DELIVER_OPTIONS);
}
