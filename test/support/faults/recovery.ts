import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE_MS } from '../patience.ts';
import type { Target } from './fault.ts';
import { MODELS } from './history.ts';
import type { Workload } from './workload.ts';

/**
 * Milliseconds from `healedAt` until a report that was sent after it is acknowledged, everything says that it is ready, and
 * everything that was acknowledged until then is counted. Processes that have ended are started again within that time.
 */
export async function untilRecovered(target: Target, work: Workload, healedAt: number): Promise<number> {
  let acknowledgedAt: number | undefined;
  while (performance.now() - healedAt < PATIENCE_MS / 2) {
    acknowledgedAt ??= await work.sayOne();
    if (acknowledgedAt !== undefined && (await isWhole(target, acknowledgedAt))) break;
    await pause(100);
  }
  return Math.round(performance.now() - healedAt);
}

async function isWhole(target: Target, acknowledgedAt: number): Promise<boolean> {
  if (!(await target.isReady())) return false;
  const counted = await target.counted().catch(() => undefined);
  if (counted === undefined) return false;
  return MODELS.every((model) => {
    const [least] = target.history.bounds(model, acknowledgedAt).sites;
    return least < target.threshold || (counted.get(model)?.sites ?? 0) >= least;
  });
}
