import type { Period } from '../../../schemas/period.ts';
import type { CloseStep } from '../../../schemas/release.ts';
import { closableFrom, GRACE_MS, periodEnd } from '../../core/period.ts';
import type { OtherClock } from '../../ports/other-clock.ts';
import { Failure } from '../../shared/failure.ts';
import { chooseCap } from './choose-cap.ts';
import { numberOf, type StepContext, type StepDetail } from './close-deps.ts';
import { requireConserved } from './conservation.ts';
import { cubeDigest, noisedDigest, slotsDigest } from './digests.ts';
import { noiseStep } from './noise-step.ts';

type Step = (context: StepContext) => Promise<StepDetail | 'not-yet'>;

/** What is done on the way to each step of a close. */
export const STEPS: Readonly<Record<CloseStep, Step>> = {
  CLOSING: refuseReports,
  DRAINED: drain,
  FROZEN: freeze,
  NOISED: noiseStep,
  VERIFIED: verify,
  DESTROYED: destroy,
  RELEASED: release,
};

/** Clocks of an installation that differ by more than this are a fault (five minutes). */
const MOST_SKEW_MS = 5 * 60 * 1_000;

/** Ingest refuses the period by the clock, and so does everybody who asks the clock. */
async function refuseReports({ period, deps }: StepContext): Promise<StepDetail | 'not-yet'> {
  if (deps.clock.now() < periodEnd(period) + GRACE_MS) return 'not-yet';
  for (const other of deps.otherClocks) await requireAgreement(other, period, deps);
  return {};
}

/** A clock that is ahead would close a month that others still take reports of. */
async function requireAgreement(other: OtherClock, period: Period, { clock }: StepContext['deps']): Promise<void> {
  const ahead = clock.now() - (await other.now());
  if (Math.abs(ahead) <= MOST_SKEW_MS) return;
  throw new Failure('clock-skew', { period, clock: other.name, seconds: Math.round(ahead / 1_000) });
}

/** An append that began within the grace has ended by now, one way or the other: what was answered 202 is in the log. */
async function drain({ period, deps }: StepContext): Promise<StepDetail | 'not-yet'> {
  if (deps.clock.now() < closableFrom(period)) return 'not-yet';
  // What was answered before this is in the log by now; what comes after it finds the close written down.
  deps.stopReports(period);
  if ((await deps.pending(period)) > 0) return 'not-yet';
  const letters = (await deps.log.deadLetters()).filter((letter) => letter.period === period);
  const deadBlocks = letters.reduce((sum, { blocks }) => sum + blocks, 0);
  const deadFacts = letters.reduce((sum, { facts }) => sum + facts, 0);
  if (deadBlocks > 0)
    deps.journal.warn('close: dead letters will be destroyed uncounted', { period, deadBlocks, deadFacts });
  return { deadBlocks, deadFacts };
}

async function freeze({ period, deps }: StepContext): Promise<StepDetail> {
  const { counts, threshold, policyVersion, clock } = deps;
  deps.requireSigningKey();
  const [takenAt, catalogue] = [clock.now(), await deps.catalogue()];
  const open = deps.openerOf(period);
  const snapshot = await counts.freeze({ period, threshold, catalogue, takenAt, ...(open ? { open } : {}) });
  const rows = await counts.frozenRows(period, snapshot);
  requireConserved(rows, threshold);
  return { snapshot, takenAt, threshold, catalogue, policyVersion, cells: rows.length, digest: cubeDigest(rows) };
}

/** Reads back what destroying leaves behind: the final cube as its digest says, the noised one as it was recorded. */
async function verify(context: StepContext): Promise<StepDetail> {
  const { period, done, deps } = context;
  const snapshot = numberOf(context, 'FROZEN', 'snapshot');
  const rows = await deps.counts.frozenRows(period, snapshot);
  const key = await deps.releases.noiseKey(period);
  const slots = await deps.counts.slotSums(period, snapshot);
  if (!key || slotsDigest(slots) !== key.digest || cubeDigest(rows) !== done.get('FROZEN')?.detail.digest)
    throw new Failure('snapshot-changed', { period });
  const attempt = numberOf(context, 'NOISED', 'attempt');
  const cells = await deps.releases.noised(period, attempt);
  if (noisedDigest(cells) !== done.get('NOISED')?.detail.digest) throw new Failure('noised-cube-changed', { period });
  return { cells: rows.length, noised: cells.length };
}

/** Everything that is not a count. The noise key last: while it is there, a rerun knows that the noise was drawn. */
async function destroy(context: StepContext): Promise<StepDetail> {
  const { period, done, deps } = context;
  if (!done.has('VERIFIED')) throw new Error('nothing is destroyed before it was verified');
  await deps.log.destroy(period);
  deps.failPoint('DESTROYED:log');
  // The slots with them, and what they summed to.
  await deps.counts.destroyFacts(period);
  deps.failPoint('DESTROYED:facts');
  await deps.counts.keepOnly(period, numberOf(context, 'FROZEN', 'snapshot'));
  await deps.releases.keepNoised(period, numberOf(context, 'NOISED', 'attempt'));
  deps.failPoint('DESTROYED:snapshots');
  // Written down as destroyed when it is so, whoever was at work meanwhile.
  const logged = (await deps.log.periods()).includes(period);
  if (logged || (await deps.counts.anythingLeft(period))) throw new Failure('facts-remain', { period });
  deps.forgetKey(period);
  await deps.releases.destroyNoiseKey(period);
  return {};
}

async function release(context: StepContext): Promise<StepDetail> {
  const { period, deps } = context;
  const cells = await deps.releases.noised(period, numberOf(context, 'NOISED', 'attempt'));
  if (await chooseCap(cells.find(({ query }) => query === 'all')?.sites ?? 0, deps)) await deps.onCapChosen();
  return { parties: await deps.issue(period) };
}
