import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import type { Snapshot } from '../../services/ports/snapshot.ts';
import { blockOf, type EmbeddedStore, linesOf, openEmbeddedStore, storedCells } from '../support/embedded-store.ts';
import { fc } from '../support/fast-check.ts';
import { shareOf } from '../support/share.ts';
import { cellName, countByHand, type SaidBySite } from '../support/site-oracle.ts';

const PERIOD = parsePeriod('2026-11');
const THRESHOLD = 5;

let embedded: EmbeddedStore;
beforeAll(async () => {
  embedded = await openEmbeddedStore();
});
afterAll(() => embedded.close());

/** What one site does between two snapshots: says how many of a model it has, or leaves. */
const stepArbitrary = fc.array(
  fc.record({
    site: fc.nat(30),
    model: fc.constantFrom('SIP-T46S', 'SIP-T54W'),
    count: fc.nat(9),
    withdraw: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

interface Shown {
  sites: number;
  devices: number;
  /** Which sites were in the cell when it was last refreshed. */
  members: ReadonlySet<number>;
}

const difference = (a: ReadonlySet<number>, b: ReadonlySet<number>): number =>
  [...a].filter((x) => !b.has(x)).length + [...b].filter((x) => !a.has(x)).length;

async function suppressedIn(snapshot: Snapshot): Promise<number> {
  const page = await embedded.store.counts({
    snapshot,
    view: 'model',
    filter: {},
    threshold: THRESHOLD,
    sort: { by: 'name', descending: false },
    limit: 1,
    offset: 0,
  });
  return page.suppressedCells;
}

test('no number shown, and no change of a number shown, rests on fewer sites than the threshold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 2, maxLength: 6 }), async (steps) => {
      await embedded.store.destroyFacts(PERIOD);
      await embedded.sql.run('TRUNCATE TABLE snapshots');
      await embedded.sql.run('TRUNCATE TABLE cube');
      await embedded.sql.run('TRUNCATE TABLE suppressed');
      const said: SaidBySite[] = [];
      const sequences = new Map<number, number>();
      let shown = new Map<string, Shown>();
      let suppressed: number | undefined;
      for (const [at, step] of steps.entries()) {
        const words = step.map(({ site, model, count, withdraw }): SaidBySite => {
          const sequence = (sequences.get(site) ?? 0) + 1;
          sequences.set(site, sequence);
          const models = [{ category: 'phone' as const, vendor: 'Yealink', model, count }];
          return { site, sequence, platform: 'FreePBX 17', models, withdraw };
        });
        said.push(...words);
        await embedded.store.insertFacts([
          blockOf(
            PERIOD,
            words.flatMap((word) => linesOf(PERIOD, word)),
          ),
        ]);
        const snapshot = await embedded.store.takeSnapshot({
          period: PERIOD,
          threshold: THRESHOLD,
          guard: 'guarded',
          catalogue: 'test',
          takenAt: at + 1,
        });
        if (!snapshot) throw new Error('facts came, so a snapshot was due');
        const truth = countByHand(said);
        const now = new Map<string, Shown>();
        for (const row of await storedCells(embedded, snapshot)) {
          const before = shown.get(cellName(row));
          const unchanged = before?.sites === row.sites && before.devices === row.devices;
          const members = unchanged ? before.members : (truth.get(cellName(row))?.sites ?? new Set<number>());
          now.set(cellName(row), { sites: row.sites, devices: row.devices, members });
          expect(row.sites).toBeGreaterThanOrEqual(THRESHOLD);
          if (!unchanged) expect(difference(members, before?.members ?? new Set())).toBeGreaterThanOrEqual(THRESHOLD);
        }
        for (const [name, before] of shown)
          if (!now.has(name))
            expect(difference(before.members, truth.get(name)?.sites ?? new Set())).toBeGreaterThanOrEqual(THRESHOLD);
        const site = 'site||||';
        const held = await suppressedIn(snapshot);
        if (suppressed !== undefined && shown.get(site)?.sites === now.get(site)?.sites) expect(held).toBe(suppressed);
        suppressed = held;
        shown = now;
      }
    }),
    { numRuns: shareOf(25) },
  );
});

test('the guard is what holds changes back: without it a single site shows', async () => {
  await embedded.store.destroyFacts(PERIOD);
  const word = (site: number): SaidBySite => ({
    site,
    sequence: 1,
    platform: 'FreePBX 17',
    models: [],
    withdraw: false,
  });
  const sitesAfter = async (guard: 'guarded' | 'exact', takenAt: number) =>
    (await embedded.store.takeSnapshot({ period: PERIOD, threshold: THRESHOLD, guard, catalogue: guard, takenAt }))
      ?.sites;
  const insert = (from: number, to: number) =>
    embedded.store.insertFacts([
      blockOf(PERIOD, Array.from({ length: to - from }, (_, i) => linesOf(PERIOD, word(from + i))).flat()),
    ]);
  await insert(0, 12);
  expect(await sitesAfter('exact', 1_000)).toBe(12);
  await insert(12, 13);
  expect(await sitesAfter('guarded', 1_001)).toBe(12);
  expect(await sitesAfter('exact', 1_002)).toBe(13);
});
