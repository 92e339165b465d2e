import { createHash } from 'node:crypto';
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

/** What the newest periods were made from, and what that gave: a close asks twice, and months that are over stay as they are. */
interface Remembered {
  /** A digest of all that the numbers depend on. */
  readonly madeFrom: string;
  readonly one: PublishedPeriod;
}

/** As many as a release looks back on, and its own. */
const REMEMBERED = 13;
const remembered = new WeakMap<Releases, readonly Remembered[]>();

/**
 * Every period that was noised by today's method, up to `until` and oldest first, each published with the change since
 * the one that its noise step compared it with. Numbers of another method are compared with nothing.
 */
export async function publishedPeriods(until: Period, releases: Releases): Promise<PublishedPeriod[]> {
  const known = new Map((remembered.get(releases) ?? []).map((each) => [each.madeFrom, each]));
  const found = new Map<string, Remembered>();
  for (const step of noisedSteps(await releases.transitions()).filter(({ period }) => period <= until)) {
    const decisions = await releases.decisions(step.period);
    const before = found.get(String(step.detail.before));
    const madeFrom = digestOf([step.period, step.detail, decisions, before?.madeFrom]);
    const made = known.get(madeFrom) ?? { madeFrom, one: await publishedOf(step, decisions, before?.one, releases) };
    found.set(step.period, made);
  }
  const all = [...found.values()];
  remembered.set(releases, all.slice(-REMEMBERED));
  return all.map(({ one }) => one);
}

async function publishedOf(
  step: Transition,
  decisions: readonly Decision[],
  before: PublishedPeriod | undefined,
  releases: Releases,
): Promise<PublishedPeriod> {
  const noised = await noisedPeriod(step, releases);
  const published = publish({
    ...{ period: noised, approved: approvedBy(decisions) },
    before: before && { period: before.noised, published: before.published },
  });
  return { period: step.period, noised, published };
}

const digestOf = (of: unknown): string => createHash('sha256').update(JSON.stringify(of)).digest('base64');

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
