import * as z from 'zod';
import { Period } from '../../../schemas/period.ts';
import { PartyName } from '../../../schemas/release.ts';
import type { Agreements } from '../../ports/agreements.ts';
import type { DeliveryRecord, DeliveryStore } from '../../ports/deliveries.ts';
import type { JobEnqueuer } from '../../ports/job-enqueuer.ts';
import type { JobOptions } from '../../ports/job-worker.ts';
import type { ReleaseFile, ReleaseId, Releases } from '../../ports/releases.ts';
import type { Clock } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';

import { postRelease, type WebhookOptions } from './webhook.ts';

/** Calls the webhook of the party in its payload: see {@link deliverRelease}. */
export const DELIVER_JOB = 'deliver';
/** The last attempt comes about an hour after the first. */
export const DELIVER_OPTIONS: JobOptions = { attempts: 8, backoffMs: 30_000 };

export interface DeliverDeps {
  readonly releases: Agreements & Releases & DeliveryStore;
  readonly clock: Clock;
  /** In the form `whsec_…`. */
  readonly webhookSecret: (party: string, url: string) => string;
  readonly webhook?: WebhookOptions;
}

const Payload = z.strictObject({ period: Period, party: PartyName, revision: z.int().min(0) });

/**
 * One attempt to bring a release to its party's webhook; each attempt is recorded. Nothing is sent when the agreement
 * has ended or has no webhook, or when the release was delivered since it was last due. Throws `webhook-failed` for the
 * queue to try again, and `webhook-dead`, which it does not, after the last of {@link DELIVER_OPTIONS} attempts.
 */
export async function deliverRelease(payload: unknown, deps: DeliverDeps): Promise<void> {
  const release = payloadOf(payload);
  const since = sinceLastDue(await deps.releases.deliveries(), release);
  const url = await webhookOf(release, deps);
  if (url === undefined || since.some(({ event }) => event === 'delivered')) return;
  const failures = since.filter(({ event }) => event === 'failed').length;
  if (failures >= DELIVER_OPTIONS.attempts) return giveUp(release, since, deps);
  const outcome = await attempt(release, url, deps);
  const delivered = /^2\d\d$/.test(outcome);
  await record(release, delivered ? 'delivered' : 'failed', outcome, deps);
  if (delivered) return;
  if (failures + 1 >= DELIVER_OPTIONS.attempts) return giveUp(release, since, deps);
  throw new Failure('webhook-failed');
}

/** Makes a release due, whatever became of it before, and has it delivered soon. */
export async function redeliver(
  release: ReleaseId,
  deps: Pick<DeliverDeps, 'releases' | 'clock'> & { readonly jobs: JobEnqueuer },
): Promise<void> {
  const { period, party, revision } = release;
  await record(release, 'due', '', deps);
  await deps.jobs.enqueue(DELIVER_JOB, `${period}|${party}|${revision}`, { period, party, revision });
}

function payloadOf(payload: unknown): ReleaseId {
  const parsed = Payload.safeParse(payload);
  if (!parsed.success) throw new Failure('no-such-release');
  return parsed.data;
}

function sinceLastDue(all: readonly DeliveryRecord[], release: ReleaseId): DeliveryRecord[] {
  const own = all.filter(
    ({ period, party, revision }) =>
      period === release.period && party === release.party && revision === release.revision,
  );
  return own.slice(own.findLastIndex(({ event }) => event === 'due') + 1);
}

async function webhookOf({ party }: ReleaseId, { releases }: DeliverDeps): Promise<string | undefined> {
  const agreement = (await releases.agreements()).find((one) => one.party === party);
  return agreement?.delivery.kind === 'webhook' ? agreement.delivery.url : undefined;
}

/** The HTTP status, or a failure's code. */
async function attempt(release: ReleaseId, url: string, deps: DeliverDeps): Promise<string> {
  const files = await filesOf(release, deps.releases);
  const secret = deps.webhookSecret(release.party, url);
  try {
    return String(await postRelease({ url, secret, files, at: deps.clock.now() }, deps.webhook));
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.code;
    throw thrown;
  }
}

async function filesOf(
  { period, party, revision }: ReleaseId,
  releases: Agreements & Releases & DeliveryStore,
): Promise<ReleaseFile[]> {
  const entry = (await releases.releases()).find(
    (one) => one.period === period && one.party === party && one.revision === revision,
  );
  if (!entry) throw new Failure('no-such-release');
  return Promise.all(
    entry.files.map(async ({ name }) => {
      const content = await releases.releaseFile(period, party, revision, name);
      if (content === undefined) throw new Failure('release-incomplete');
      return { period, party, revision, name, content };
    }),
  );
}

async function giveUp(release: ReleaseId, since: readonly DeliveryRecord[], deps: DeliverDeps): Promise<never> {
  if (!since.some(({ event }) => event === 'dead')) await record(release, 'dead', '', deps);
  throw new Failure('webhook-dead');
}

async function record(
  release: ReleaseId,
  event: DeliveryRecord['event'],
  outcome: string,
  { releases, clock }: Pick<DeliverDeps, 'releases' | 'clock'>,
): Promise<void> {
  await releases.addDelivery({ ...release, event, at: clock.now(), way: 'webhook', outcome });
}
