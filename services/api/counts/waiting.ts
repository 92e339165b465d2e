import type { WaitingAnswer } from '../../../schemas/answers/waiting.ts';
import { nameKey, newestMappings } from '../../core/mapping.ts';
import { DECIDE_WITHIN_MS } from '../../core/release-cell.ts';
import { shownFrom, UNLISTED_VIEW } from '../../core/view-rules.ts';
import { mayCall } from '../../http/access.ts';
import type { Caller, Rule } from '../../http/route.ts';
import type { MappingStore } from '../../ports/mappings.ts';
import { heldCells } from '../releases/held-cells.ts';
import type { ReleaseRoutesDeps } from '../releases/release-deps.ts';
import type { CountsDeps } from './snapshots.ts';

export interface WaitingDeps extends CountsDeps {
  readonly mappings: Pick<MappingStore, 'mappings'>;
  readonly releases: ReleaseRoutesDeps['releases'];
}

const CURATORS: Rule = ['curator'];
const RELEASERS: Rule = ['releaser'];

/** What waits for somebody who calls; null for what the caller's scopes do not open. */
export async function waiting(caller: Caller | undefined, deps: WaitingDeps): Promise<WaitingAnswer> {
  const [unlisted, held, failedCloses] = await Promise.all([
    mayCall(CURATORS, caller) ? unlistedNames(deps) : null,
    mayCall(RELEASERS, caller) ? undecided(deps) : null,
    stoppedCloses(deps),
  ]);
  return { unlisted, held, failedCloses };
}

/** Shown names of the newest month that nobody has mapped. One that was taken back waits again. */
async function unlistedNames({ store, mappings, threshold }: WaitingDeps): Promise<number> {
  const [cells, all] = await Promise.all([
    store.cells({
      snapshots: (await store.snapshots()).slice(-1),
      view: UNLISTED_VIEW,
      filter: {},
      threshold: shownFrom(UNLISTED_VIEW, threshold),
    }),
    mappings.mappings(),
  ]);
  const mapped = newestMappings(all);
  return cells.filter((cell) => !mapped.get(nameKey(cell as Parameters<typeof nameKey>[0]))?.to).length;
}

/** Of every released month, while they can be decided. */
async function undecided({ releases, clock }: WaitingDeps): Promise<number> {
  const decidable = (await releases.transitions()).filter(
    ({ step, at }) => step === 'RELEASED' && at + DECIDE_WITHIN_MS >= clock.now(),
  );
  let waiting = 0;
  for (const { period } of decidable) {
    const held = await heldCells(period, releases);
    if (held && !held.earlierMethod) waiting += held.cells.filter(({ decision }) => decision === null).length;
  }
  return waiting;
}

/** Months whose close has failed and has not gone on since. */
async function stoppedCloses({ releases }: WaitingDeps): Promise<number> {
  const last = new Map((await releases.transitions()).map(({ period, at }) => [period, at]));
  return (await releases.closeFailures()).filter(({ period, at }) => at >= (last.get(period) ?? 0)).length;
}
