import type { Period } from '../../../schemas/period.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { closableFrom } from '../../core/period.ts';
import { DECIDE_WITHIN_MS } from '../../core/release-cell.ts';
import { describeFailure, failureCodeOf } from '../../shared/failure.ts';
import type { CloseDeps } from './close-deps.ts';
import { type CloseOutcome, closePeriod } from './close-period.ts';

/** How often what is due is closed. */
export const CLOSE_EVERY_MS = 10 * 60 * 1_000;

/**
 * Closes every period that is due, oldest first, so that each is compared with the one before; destroys again what came
 * late; issues and sends what is due. What fails keeps nothing else from being done; the first failure is thrown at the end.
 */
export async function closeDue(deps: CloseDeps): Promise<void> {
  const failures: unknown[] = [];
  const attempt = (act: Promise<unknown>) => act.catch((thrown: unknown) => failures.push(thrown));
  await attempt(deps.time.note());
  await attempt(destroyAgain(deps));
  for (const period of await periodsToClose(deps)) await attempt(closeOne(period, deps, 'unattended'));
  for (const period of await periodsToIssue(deps)) await attempt(deps.issue(period));
  await attempt(deps.sendDue());
  if (failures.length > 0) throw failures[0];
}

/** attended: somebody asked for this close, and so goes by the time that it is now. */
export type Attendance = 'attended' | 'unattended';

/**
 * Closes one period, as far as it goes, and counts and tells a failure. A month that has
 * ended only by a clock that has leapt is not closed unless somebody asked for it.
 */
export async function closeOne(period: Period, deps: CloseDeps, attendance: Attendance): Promise<CloseOutcome> {
  try {
    const outcome = (await mayClose(period, deps, attendance)) ? await closePeriod(period, deps) : TIME_NOT_BELIEVED;
    if (outcome.state === 'closed') await deps.sendDue();
    else if (closableFrom(period) <= deps.clock.now()) deps.lookAgain(period);
    return outcome;
  } catch (thrown) {
    const code = failureCodeOf(thrown);
    deps.metrics.failed(code);
    deps.journal.error('close failed', { period, ...describeFailure(thrown) });
    await deps.releases.addCloseFailure({ period, at: deps.clock.now(), code }).catch(() => {});
    throw thrown;
  }
}

/** Its first step is not taken. */
const TIME_NOT_BELIEVED: CloseOutcome = { state: 'waiting', before: 'CLOSING' };

async function mayClose(period: Period, { time }: CloseDeps, attendance: Attendance): Promise<boolean> {
  if (attendance === 'unattended') return time.mayClose(period);
  await time.confirm();
  return true;
}

/**
 * Whether there is anything of the period to close. A snapshot alone is nothing: a store that was restored has it without
 * the facts, and its counts are not replaced by none.
 */
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
  const closing = (await releases.transitions()).map(({ period }) => period);
  return [...new Set([...(await counts.factPeriods()), ...(await log.periods()), ...closing])].sort();
}

async function finished(step: string, { releases }: Pick<CloseDeps, 'releases'>): Promise<Set<Period>> {
  const all = await releases.transitions();
  return new Set(all.filter((one) => one.step === step).map(({ period }) => period));
}

/** Lately released: what was approved since, also where no queue could be told, and who agreed since. */
async function periodsToIssue({ releases, clock }: CloseDeps): Promise<Period[]> {
  const since = clock.now() - DECIDE_WITHIN_MS - CLOSE_EVERY_MS;
  const all = await releases.transitions();
  return all.filter(({ step, at }) => step === 'RELEASED' && at > since).map(({ period }) => period);
}

/**
 * A block that a broker or an aggregator held back may bring a closed period's facts back, and a worker that slept a key
 * or another draw of the noise: they are dropped again.
 */
async function destroyAgain({ counts, log, releases, metrics, journal }: CloseDeps): Promise<void> {
  const logged = new Set(await log.periods());
  const all = await releases.transitions();
  for (const { period } of all.filter(({ step }) => step === 'DESTROYED')) {
    const attempt = stepsOf(all, period).get('NOISED')?.detail.attempt;
    await releases.keepNoised(period, Number(attempt));
    const left = logged.has(period) || (await counts.anythingLeft(period)) || (await releases.noiseKey(period));
    if (!left) continue;
    await log.destroy(period);
    await counts.destroyFacts(period);
    await releases.destroyNoiseKey(period);
    metrics.destroyedAgain();
    journal.warn('something of a closed period had come again: destroyed', { period });
  }
}
