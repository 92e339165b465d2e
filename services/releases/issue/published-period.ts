import type { Period } from '../../../schemas/period.ts';
import type { Profile, ReleaseCell } from '../../../schemas/release.ts';
import type { Decision, ReleaseStore } from '../../ports/release-store.ts';
import { lastReleased } from '../last-released.ts';
import { cellKey } from '../numbers/cell.ts';
import { type Published, publish } from '../numbers/publish.ts';

type Deps = { readonly releases: Pick<ReleaseStore, 'transitions' | 'noised' | 'decisions'> };

/** What is published of a period, all parties together, with the change since the release before it; undefined before it was noised. */
export async function publishedPeriod(period: Period, deps: Deps): Promise<Published | undefined> {
  const before = await lastReleased(period, deps.releases);
  const earlier = before && (await publishedAlone(before.period, deps));
  return publishedAlone(period, deps, earlier);
}

async function publishedAlone(period: Period, { releases }: Deps, before?: Published): Promise<Published | undefined> {
  const noised = (await releases.transitions()).find((one) => one.period === period && one.step === 'NOISED');
  if (!noised) return undefined;
  const cells = await releases.noised(period, Number(noised.detail.attempt));
  return publish(cells, {
    profile: noised.detail.profile as Profile,
    approved: approvedBy(await releases.decisions(period)),
    ...(before ? { before } : {}),
  });
}

/** Whether a held cell was approved: of its decisions the first holds. */
export function approvedBy(decisions: readonly Decision[]): (cell: ReleaseCell) => boolean {
  const first = new Map<string, Decision['decision']>();
  for (const { cell, decision } of decisions) {
    const key = cellKey(cell as ReleaseCell);
    if (!first.has(key)) first.set(key, decision);
  }
  return (cell) => first.get(cellKey(cell)) === 'approve';
}
