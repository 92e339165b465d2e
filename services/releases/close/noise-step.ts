import type { Period } from '../../../schemas/period.ts';
import type { Profile, Transition } from '../../../schemas/release.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey } from '../../core/release-cell.ts';
import { sumsOf } from '../../core/slot-sums.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import type { NoiseKey } from '../../ports/noise-keys.ts';
import type { ProfileChoice } from '../../ports/release-profiles.ts';
import { Failure } from '../../shared/failure.ts';
import { drawBytes, drawInt } from '../../shared/random.ts';
import { comparableBefore, noisedPeriod, publishedPeriods } from '../issue/published-period.ts';
import { spentOn } from '../numbers/accountant.ts';
import { holdUnusual } from '../numbers/held.ts';
import { METHOD } from '../numbers/method-version.ts';
import { noiseListed } from '../numbers/noise.ts';
import { measuresAt } from '../numbers/queries.ts';
import { type CloseDeps, numberOf, type StepContext, type StepDetail } from './close-deps.ts';
import { noisedDigest, slotsDigest } from './digests.ts';

const KEY_BYTES = 32;
const ATTEMPTS = 2 ** 47;

/**
 * Draws the noise, once: by a key that is kept until the facts go, and from it by the digest of the frozen slots. Doing
 * the step again gives the same numbers; other slots, or a period that was released before, are refused.
 */
export async function noiseStep(context: StepContext): Promise<StepDetail> {
  const { period, done, deps } = context;
  const { releases, counts } = deps;
  const [snapshot, threshold] = [numberOf(context, 'FROZEN', 'snapshot'), numberOf(context, 'FROZEN', 'threshold')];
  await counts.showFinal(finalOrder(period, done.get('FROZEN') as Transition), snapshot);
  const rows = await counts.frozenRows(period, snapshot);
  if (rows.length !== numberOf(context, 'FROZEN', 'cells')) throw new Failure('snapshot-changed', { period });
  const { cap, ...lanes } = await counts.slotSums(period, snapshot);
  const listed = await deps.listed(period);
  const profile = profileOf(period, await releases.profiles());
  const key = await keyFor(context, slotsDigest({ cap, ...lanes }));
  await spend(period, profile, cap, deps);
  const unheld = noiseListed({ period, profile, key, cap, listed, sums: sumsOf(lanes, listed) });
  const before = comparableBefore(await releases.transitions(), period);
  const cells = holdUnusual({
    now: { profile, cap, threshold },
    cells: unheld,
    before: before && (await noisedPeriod(before, releases)),
    known: await knownCells(before?.period, deps),
  });
  const attempt = drawInt(1, ATTEMPTS);
  await requireCurrent(context);
  await releases.writeNoised(period, attempt, cells);
  const held = cells.filter((cell) => cell.held !== null).length;
  const made = { method: METHOD, profile, cap, threshold };
  const written = { attempt, ...made, cells: cells.length, held, digest: noisedDigest(cells) };
  return before ? { ...written, before: before.period } : written;
}

function finalOrder(period: Period, { detail }: Transition) {
  return {
    period,
    takenAt: Number(detail.takenAt),
    threshold: Number(detail.threshold),
    catalogue: String(detail.catalogue),
  };
}

/** Cells that any release so far has shown. */
async function knownCells(until: Period | undefined, { releases }: CloseDeps) {
  const shown = until === undefined ? [] : await publishedPeriods(until, releases);
  const keys = new Set(shown.flatMap(({ published }) => published.cells.map(cellKey)));
  return (cell: Parameters<typeof cellKey>[0]) => keys.has(cellKey(cell));
}

/** A profile holds from the period it was chosen for; it is chosen before that begins. */
function profileOf(period: Period, choices: readonly ProfileChoice[]): Profile {
  return choices.filter(({ since }) => since <= period).at(-1)?.profile ?? 'noised';
}

/** A ledger entry without a key: the key was destroyed with the facts, and a fresh one would be a second release. */
async function keyFor(context: StepContext, digest: string): Promise<NoiseKey> {
  const { period } = context;
  const { releases } = context.deps;
  const spent = (await releases.ledger()).some((entry) => entry.period === period);
  if (spent && !(await releases.noiseKey(period))) throw new Failure('released-before', { period });
  const key = await releases.ensureNoiseKey(period, { key: drawBytes(KEY_BYTES).toString('hex'), digest });
  await requireCurrent(context);
  if (key.digest !== digest) throw new Failure('snapshot-changed', { period });
  return key;
}

/** A worker that slept through the rest of the close must not draw noise again: its key is a new one. */
async function requireCurrent({ period, deps: { releases } }: StepContext): Promise<void> {
  const steps = stepsOf(await releases.transitions(), period);
  if (steps.has('DESTROYED')) await releases.destroyNoiseKey(period);
  if (steps.has('NOISED')) throw new Failure('overtaken', { period });
}

/** The cost goes into the ledger before anything is noised. */
async function spend(period: Period, profile: Profile, cap: number, { releases, clock }: CloseDeps): Promise<void> {
  const entry: LedgerEntry = { period, at: clock.now(), profile, ...spentOn(profile, measuresAt(cap)) };
  if (await releases.addLedgerEntry(entry)) return;
  const there = (await releases.ledger()).find((other) => other.period === period);
  if (there?.profile !== profile) throw new Failure('released-before', { period });
}
