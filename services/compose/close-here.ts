import type { Period } from '../../schemas/period.ts';
import { closeOne, isKnown } from '../releases/close/close-due.ts';
import type { CloseOutcome } from '../releases/close/close-period.ts';
import { Resources } from '../shared/resources.ts';
import { aggregate, drained } from './aggregator.ts';
import { closeDeps, nameReleaseJobs } from './closes.ts';
import { type Environment, sharedIn } from './environment.ts';
import { partsIn } from './parts.ts';

type HereOutcome =
  | Exclude<CloseOutcome, { readonly state: 'closed' }>
  | { readonly state: 'unknown' }
  /** With the dead letters that were destroyed uncounted. */
  | { readonly state: 'closed'; readonly letters: { readonly blocks: number; readonly facts: number } };

/** Closes a period in this process, without a server. What is due is sent by whoever runs the jobs next. */
export async function closeHere(period: Period, environment: Environment): Promise<HereOutcome> {
  const resources = new Resources();
  try {
    const shared = sharedIn(environment);
    const parts = partsIn(environment, resources);
    const [store, log, jobs] = [await parts.store(), await parts.log(), await parts.jobs()];
    nameReleaseJobs(jobs);
    const deps = closeDeps({ ...shared, ...store, log, jobs });
    if (!(await isKnown(period, deps))) return { state: 'unknown' };
    // Embedded, nobody else can empty the log.
    if (environment.config.log.kind === 'lmdb') {
      const aggregator = resources.add(aggregate({ ...shared, ...store, log }));
      await aggregator.run();
      await drained(log);
    }
    const outcome = await closeOne(period, deps, 'attended');
    if (outcome.state !== 'closed') return outcome;
    const letters = (await store.releases.transitions()).find((one) => one.period === period && one.step === 'DRAINED');
    const { deadBlocks: blocks, deadFacts: facts } = letters?.detail ?? {};
    return { ...outcome, letters: { blocks: Number(blocks ?? 0), facts: Number(facts ?? 0) } };
  } finally {
    await resources.close();
  }
}
