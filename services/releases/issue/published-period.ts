import type { Period } from '../../../schemas/period.ts';
import type { Profile, ReleaseCell, Transition } from '../../../schemas/release.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Decision, Decisions } from '../../ports/decisions.ts';
import type { NoisedCubes } from '../../ports/noised-cubes.ts';
import { METHOD } from '../numbers/method-version.ts';
import { publish } from '../numbers/publish.ts';
import type { Published } from '../numbers/published.ts';
import type { NoisedPeriod } from '../numbers/shown.ts';

type Releases = CloseProgress & NoisedCubes & Decisions;

/** A period's noised numbers, and what is published of them, all parties together. */
export interface PublishedPeriod {
  readonly period: Period;
  readonly noised: NoisedPeriod;
  readonly published: Published;
}

/**
 * Every period that was noised by today's method, up to `until` and oldest first, each published with the change since
 * the one that its noise step compared it with. Numbers of another method are compared with nothing.
 */
export async function publishedPeriods(until: Period, releases: Releases): Promise<PublishedPeriod[]> {
  const found = new Map<string, PublishedPeriod>();
  for (const step of noisedSteps(await releases.transitions()).filter(({ period }) => period <= until)) {
    const noised = await noisedPeriod(step, releases);
    const before = found.get(String(step.detail.before));
    const approved = approvedBy(await releases.decisions(step.period));
    const published = publish({
      ...{ period: noised, approved },
      before: before && { period: before.noised, published: before.published },
    });
    found.set(step.period, { period: step.period, noised, published });
  }
  return [...found.values()];
}

/** The noise steps of today's method, oldest period first. */
export function noisedSteps(transitions: readonly Transition[]): Transition[] {
  return transitions.filter(({ step, detail }) => step === 'NOISED' && detail.method === METHOD);
}

/** What a finished noise step has left. */
export async function noisedPeriod({ period, detail }: Transition, releases: NoisedCubes): Promise<NoisedPeriod> {
  return {
    profile: detail.profile as Profile,
    cap: Number(detail.cap),
    threshold: Number(detail.threshold),
    cells: await releases.noised(period, Number(detail.attempt)),
  };
}

/** The newest released period before `period` that its numbers can be compared with. */
export function comparableBefore(transitions: readonly Transition[], period: Period): Transition | undefined {
  return noisedSteps(transitions)
    .filter((one) => one.period < period && stepsOf(transitions, one.period).has('RELEASED'))
    .at(-1);
}

/** Whether a held cell was approved: of its decisions the first holds. */
function approvedBy(decisions: readonly Decision[]): (cell: ReleaseCell) => boolean {
  const first = new Map<string, Decision['decision']>();
  for (const { cell, decision } of decisions) if (!first.has(cellKey(cell))) first.set(cellKey(cell), decision);
  return (cell) => first.get(cellKey(cell)) === 'approve';
}
