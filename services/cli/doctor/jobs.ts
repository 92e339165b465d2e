import type { JobQueue } from '../../adapters/job-queue.ts';
import { COMPACT_JOB, SNAPSHOT_JOB } from '../../aggregator/snapshot-job.ts';
import { openJobQueue, persistenceOf } from '../../compose/adapters.ts';
import { nameReleaseJobs } from '../../compose/closes.ts';
import type { FailedJob } from '../../ports/failed-jobs.ts';
import type { Config } from '../../shared/config.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import { settledWithin } from '../../shared/settled-within.ts';
import { lookedAt } from './bounded.ts';
import { bad, type Finding, fine, note, unknown } from './finding.ts';

const ANSWER_MS = 10_000;

/** A queue in memory belongs to the process that works on it: there is nothing to look at from here. */
export async function ofJobs({ jobs }: Config): Promise<readonly Finding[]> {
  if (jobs.kind === 'memory') return [];
  const opened: JobQueue[] = [];
  try {
    return await lookedAt('jobs', ANSWER_MS, async () => {
      const queue = await openJobQueue(jobs);
      opened.push(queue);
      for (const name of [SNAPSHOT_JOB, COMPACT_JOB])
        queue.handle(name, () => Promise.resolve(), { attempts: 1, backoffMs: 1_000 });
      nameReleaseJobs(queue);
      await queue.check();
      const failed = await queue.failed();
      return [fine('jobs', 'Redis answers'), await ofPersistence(jobs.url), ...failed.map(ofFailed)];
    });
  } finally {
    for (const queue of opened) await settledWithin(ANSWER_MS, queue.close());
  }
}

/** It counts requests of networks by keyed hashes that it forgets within a minute; a file would keep them. */
export async function ofPersistence(url: string): Promise<Finding> {
  const what = 'what Redis keeps';
  const kept = await persistenceOf(url);
  if (kept === undefined)
    return unknown(
      what,
      'it does not tell its settings',
      'Look that appendonly is no and save is "": see docs/operations.md',
    );
  if (kept === 'no') return fine(what, 'nothing on its disk');
  const seen = `on its disk: appendonly ${kept.appendonly}, save "${kept.save}"`;
  return note(what, seen, 'Set appendonly no and save "": its files would say when requests came');
}

function ofFailed({ id, name, attempts, reason }: FailedJob): Finding {
  const todo = `${explanationOf(reason)} Then: rollcall jobs retry ${id}`.trim();
  return bad(`job ${name}`, `${reason} after ${attempts} attempts`, todo);
}
