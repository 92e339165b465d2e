import type { Period } from '../../schemas/period.ts';
import { closeOne, isKnown } from '../releases/close/close-due.ts';
import type { CloseOutcome } from '../releases/close/close-period.ts';
import { Resources } from '../shared/resources.ts';
import { type Environment, opened, openParts } from './parts.ts';
import { composeCloses } from './releases.ts';
import { composeAggregator, drained } from './services.ts';

/** Closes a period in this process, without a server. What is due is sent by whoever runs the jobs next. */
export async function closeHere(
  period: Period,
  environment: Environment,
): Promise<CloseOutcome | { readonly state: 'unknown' }> {
  const resources = new Resources();
  try {
    const parts = await openParts(['aggregate', 'jobs'], environment, resources);
    const deps = composeCloses(parts, opened(parts.jobs));
    if (!(await isKnown(period, deps))) return { state: 'unknown' };
    // Embedded, nobody else can empty the log.
    if (environment.config.logUrl.startsWith('lmdb:')) {
      composeAggregator(parts, resources);
      await drained(parts.log);
    }
    return await closeOne(period, deps);
  } finally {
    await resources.close();
  }
}
