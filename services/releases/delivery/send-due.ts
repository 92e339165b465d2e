import type { Agreements } from '../../ports/agreements.ts';
import type { Deliveries, DeliveryRecord } from '../../ports/deliveries.ts';
import type { JobEnqueuer } from '../../ports/job-enqueuer.ts';
import { DELIVER_JOB } from './deliver.ts';

/**
 * Enqueues every release that is due, or was tried without success, and whose party has a webhook. What a crash kept
 * from being enqueued, or took with it, is found again by the next call; what is in the queue is not added twice.
 */
export async function sendDue({
  releases,
  jobs,
}: {
  readonly releases: Agreements & Deliveries;
  readonly jobs: JobEnqueuer;
}): Promise<void> {
  const called = (await releases.agreements()).filter(({ delivery }) => delivery.kind === 'webhook');
  const parties = new Set(called.map(({ party }) => party));
  for (const { period, party, revision } of awaitingAttempt(await releases.deliveries()))
    if (parties.has(party))
      await jobs.enqueue(DELIVER_JOB, `${period}|${party}|${revision}`, { period, party, revision });
}

/** The releases that wait for an attempt; a download is no word on that. */
function awaitingAttempt(records: readonly DeliveryRecord[]): DeliveryRecord[] {
  const last = new Map<string, DeliveryRecord>();
  for (const record of records)
    if (record.event !== 'downloaded') last.set(`${record.period}|${record.party}|${record.revision}`, record);
  return [...last.values()].filter(({ event }) => event === 'due' || event === 'failed');
}
