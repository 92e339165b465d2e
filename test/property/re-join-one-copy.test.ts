import { afterEach, beforeEach, expect, test } from 'vitest';
import { aggregate, drained } from '../../services/compose/aggregator.ts';
import { sharedIn } from '../../services/compose/environment.ts';
import { pause } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { silentLog } from '../../services/shared/log.ts';
import { type CloseInstallation, openCloseInstallation } from '../support/close-installation.ts';
import { emptyUnmerged, insertBlocks, mixedBlocks } from '../support/re-join/at-rest.ts';
import { knownFleet, type PERIOD } from '../support/re-join/fleet.ts';
import { putTogether } from '../support/re-join/one-copy.ts';

/** Reports that come one by one, each in an insert of its own: the worst that a small installation has. */
const TRICKLE = knownFleet(24, 7);
/** Merging rests 24 times as long as it took; an insert waits a second for more; a look at what is read comes each second. */
const [REST, WAIT_MS, LOOK_MS] = [24, 1_000, 1_000];

let home: CloseInstallation;
beforeEach(async () => {
  home = await openCloseInstallation();
});
afterEach(() => home.close());

/** In one copy of the store and the log. */
const seen = () => [...new Set([home.embedded.directory, home.directory].flatMap((one) => putTogether(one, TRICKLE)))];

interface Merge {
  readonly began: number;
  readonly took: number;
}

/** The product's aggregator over the real log and store; its merges are timed. */
function aggregating(): { merges: Merge[]; close(): Promise<void>; run(): Promise<void> } {
  const merges: Merge[] = [];
  const { embedded, log, clock, directory, deps } = home;
  const counts = {
    ...embedded.store,
    async mergeFacts(period: typeof PERIOD) {
      const began = performance.now();
      const outcome = await embedded.store.mergeFacts(period);
      if (outcome === 'merged') merges.push({ began, took: performance.now() - began });
      return outcome;
    },
  };
  const config = loadConfig({ ROLLCALL_DATA_DIR: directory });
  const role = aggregate({ ...sharedIn({ config, clock, journal: silentLog }), releases: deps.releases, log, counts });
  return { merges, run: () => role.run(), close: () => role.close() };
}

test('unmerged parts give every report away: the attack bites', async () => {
  await emptyUnmerged(home.embedded);
  await insertBlocks(home.embedded, await mixedBlocks(TRICKLE.slice(0, 6), { reportsPerBlock: 1 }));
  expect(seen()).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a copy of a running installation gives away no report that was inserted before the last merge began', async () => {
  const role = aggregating();
  await role.run();
  const insertedAt: number[] = [];
  try {
    for (const block of await mixedBlocks(TRICKLE, { reportsPerBlock: 1 })) {
      await home.log.append(block);
      await drained(home.log);
      insertedAt.push(performance.now());
      const lastMerge = role.merges.at(-1)?.began ?? 0;
      // The first two have nothing to be mixed with; the copy is taken while everything runs.
      const early = seen().filter((report) => report > 1 && (insertedAt[report] as number) < lastMerge);
      expect(early, `after ${insertedAt.length} reports`).toEqual([]);
    }
    // All 24 are in. From here on it takes what is printed in docs/privacy.md: at most one rest and one merge more.
    const began = performance.now();
    let lookMs = 0;
    for (let together = [-1]; together.length > 0; ) {
      const looked = performance.now();
      together = seen();
      lookMs = performance.now() - looked;
      const longest = Math.max(...role.merges.map(({ took }) => took));
      expect(looked - began, `${together.length} reports are put together`).toBeLessThan(
        WAIT_MS + LOOK_MS + (REST + 2) * longest + lookMs,
      );
      await pause(LOOK_MS / 10);
    }
    expect(role.merges.length).toBeGreaterThan(0);
  } finally {
    await role.close();
  }
});
