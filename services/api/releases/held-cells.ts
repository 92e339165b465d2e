import type { Period } from '../../../schemas/period.ts';
import type { HeldReason, NoisedCell, Transition } from '../../../schemas/release.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey, DECIDE_WITHIN_MS, roundTo } from '../../core/release-cell.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Decision, Decisions } from '../../ports/decisions.ts';
import type { NoisedCubes } from '../../ports/noised-cubes.ts';

interface Numbers {
  readonly sites: number;
  readonly phones: number | null;
}

interface HeldCell {
  readonly cell: Decision['cell'];
  readonly why: HeldReason;
  readonly now: Numbers;
  /** In the last month that was released before; null when it had no such cell. */
  readonly earlier: Numbers | null;
  readonly decision: Decision['decision'] | null;
}

export interface HeldCells {
  /** The last moment for a decision, in milliseconds since 1970; null before the release. */
  readonly deadline: number | null;
  /** Nothing was released before that it could be compared with. */
  readonly first: boolean;
  /** Noised by a version whose numbers this one makes no release of. */
  readonly earlierMethod: boolean;
  readonly cells: readonly HeldCell[];
}

/** The cells of a period that somebody has to look at; undefined when its numbers were never noised. */
export async function heldCells(
  period: Period,
  releases: CloseProgress & NoisedCubes & Decisions,
): Promise<HeldCells | undefined> {
  const transitions = await releases.transitions();
  const steps = stepsOf(transitions, period);
  const noised = steps.get('NOISED');
  if (!noised) return undefined;
  const cells = await releases.noised(period, Number(noised.detail.attempt));
  // What the noise step compared it with.
  const before = stepsOf(transitions, noised.detail.before as Period).get('NOISED');
  const earlier = before ? await releases.noised(before.period, Number(before.detail.attempt)) : [];
  const earlierOf = new Map(earlier.map((cell) => [cellKey(cell), numbersOf(cell)]));
  const decided = new Map((await releases.decisions(period)).map((one) => [cellKey(one.cell), one.decision]));
  const released = steps.get('RELEASED');
  return {
    deadline: released ? released.at + DECIDE_WITHIN_MS : null,
    first: noised.detail.before === undefined,
    earlierMethod: noised.detail.method === undefined,
    cells: cells.filter(isHeld).map((cell) => ({
      cell: namesOf(cell),
      why: cell.held,
      now: numbersOf(cell),
      earlier: earlierOf.get(cellKey(cell)) ?? null,
      decision: decided.get(cellKey(cell)) ?? null,
    })),
  };
}

function isHeld(cell: NoisedCell): cell is NoisedCell & { held: HeldReason } {
  return cell.held !== null;
}

/** The newest period with noised numbers. */
export function newestNoised(transitions: readonly Transition[]): Period | undefined {
  return transitions.filter(({ step }) => step === 'NOISED').at(-1)?.period;
}

/** More digits would only look exact. */
const STEP = { sites: 5, phones: 10 } as const;

function namesOf({ query, platform, category, vendor, model }: NoisedCell): Decision['cell'] {
  return { query, platform, category, vendor, model };
}

function numbersOf({ sites, phones }: NoisedCell): Numbers {
  return {
    sites: roundTo(sites, STEP.sites),
    phones: phones === null ? null : roundTo(phones, STEP.phones),
  };
}
