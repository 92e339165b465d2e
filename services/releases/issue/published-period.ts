import type { Period } from '../../../schemas/period.ts';
import type { Profile, ReleaseCell } from '../../../schemas/release.ts';
import { stepsOf } from '../../core/close-steps.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Decision, Decisions } from '../../ports/decisions.ts';
import type { NoisedCubes } from '../../ports/noised-cubes.ts';
import { publish } from '../numbers/publish.ts';
import type { Published } from '../numbers/published.ts';

type Releases = CloseProgress & NoisedCubes & Decisions;

/**
 * What is published of a period, all parties together, with the change since the one that its noise step compared it
 * with; undefined before it was noised.
 */
export async function publishedPeriod(period: Period, releases: Releases): Promise<Published | undefined> {
  const noised = stepsOf(await releases.transitions(), period).get('NOISED');
  const before = noised?.detail.before as Period | undefined;
  return publishedAlone(period, releases, before && (await publishedAlone(before, releases)));
}

async function publishedAlone(
  period: Period,
  releases: Releases,
  before?: Published | undefined,
): Promise<Published | undefined> {
  const noised = stepsOf(await releases.transitions(), period).get('NOISED');
  if (!noised) return undefined;
  const cells = await releases.noised(period, Number(noised.detail.attempt));
  const approved = approvedBy(await releases.decisions(period));
  return publish(cells, { profile: noised.detail.profile as Profile, approved, before });
}

/** Whether a held cell was approved: of its decisions the first holds. */
function approvedBy(decisions: readonly Decision[]): (cell: ReleaseCell) => boolean {
  const first = new Map<string, Decision['decision']>();
  for (const { cell, decision } of decisions) if (!first.has(cellKey(cell))) first.set(cellKey(cell), decision);
  return (cell) => first.get(cellKey(cell)) === 'approve';
}
