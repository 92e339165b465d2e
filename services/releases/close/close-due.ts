import { closableFrom, type Period } from '../../../schemas/period.ts';
import { DECIDE_WITHIN_MS } from '../../../schemas/release.ts';
import { describeFailure, Failure } from '../../shared/failure.ts';
import type { CloseDeps } from './close-deps.ts';
import { type CloseOutcome, closePeriod } from './close-period.ts';

/** How often what is due is closed. */
export const CLOSE_EVERY_MS = 10 * 60 * 1_000;

/**
 * Closes every period that is due, oldest first, so that each is compared with the one before; then sends what is due.
 * One that fails does not keep the others from closing; the first failure is thrown at the end.
 */
export async function closeDue(deps: CloseDeps): Promise<void> {
  const failures: unknown[] = [];
  for (const period of await periodsToClose(deps))
    await closeOne(period, deps).catch((thrown: unknown) => failures.push(thrown));
  await issueAgain(deps);
  await destroyAgain(deps);
  await deps.sendDue();
  if (failures.length > 0) throw failures[0];
}

/** Closes one period, as far as it goes, and counts and tells a failure. */
export async function closeOne(period: Period, deps: CloseDeps): Promise<CloseOutcome> {
  try {
    const outcome = await closePeriod(period, deps);
    if (outcome.state === 'closed') await deps.sendDue();
    return outcome;
  } catch (thrown) {
    deps.metrics.failed(thrown instanceof Failure ? thrown.code : 'defect');
    deps.journal.error('close failed', { period, ...describeFailure(thrown) });
    throw thrown;
  }
}

/** Whether there is or was anything of the period: else there is nothing to close. */
export async function isKnown(period: Period, deps: Pick<CloseDeps, 'counts' | 'log' | 'releases'>): Promise<boolean> {
  return (await knownPeriods(deps)).includes(period);
}

async function periodsToClose(deps: CloseDeps): Promise<Period[]> {
  const now = deps.clock.now();
  const due = (await knownPeriods(deps)).filter((period) => closableFrom(period) <= now);
  const closed = await finished('RELEASED', deps);
  return due.filter((period) => !closed.has(period));
}

async function knownPeriods({
  counts,
  log,
  releases,
}: Pick<CloseDeps, 'counts' | 'log' | 'releases'>): Promise<Period[]> {
  const snapshots = (await counts.snapshots()).map(({ period }) => period);
  const closing = (await releases.transitions()).map(({ period }) => period);
  return [...new Set([...(await counts.factPeriods()), ...(await log.periods()), ...snapshots, ...closing])].sort();
}

async function finished(step: string, { releases }: Pick<CloseDeps, 'releases'>): Promise<Set<Period>> {
  const all = await releases.transitions();
  return new Set(all.filter((one) => one.step === step).map(({ period }) => period));
}

/** What was approved since, also where no queue could be told, and for parties that agreed since: cut from the same cubes. */
async function issueAgain({ releases, clock, issue }: CloseDeps): Promise<void> {
  for (const { period, step, at } of await releases.transitions())
    if (step === 'RELEASED' && at + DECIDE_WITHIN_MS + CLOSE_EVERY_MS > clock.now()) await issue(period);
}

/** A block that a broker or an aggregator held back may bring a closed period's facts back: they are dropped again. */
async function destroyAgain(deps: CloseDeps): Promise<void> {
  const { counts, log, releases, metrics, journal } = deps;
  const there = new Set([...(await counts.factPeriods()), ...(await log.periods())]);
  for (const period of await finished('DESTROYED', deps)) {
    const key = await releases.noiseKey(period);
    if (!there.has(period) && !key) continue;
    await log.destroy(period);
    await counts.destroyFacts(period);
    await releases.destroyNoiseKey(period);
    metrics.destroyedAgain(period);
    journal.warn('something of a closed period had come again: destroyed', { period });
  }
}
