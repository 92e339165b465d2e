import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Category } from '../../schemas/report.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { blockOf, type EmbeddedStore, linesOf, openEmbeddedStore, storedCells } from '../support/embedded-store.ts';
import { fc } from '../support/fast-check.ts';
import { shareOf } from '../support/share.ts';
import { byCellName, countByHand, type SaidBySite } from '../support/site-oracle.ts';

const PERIOD = parsePeriod('2026-11');
const CATALOG: [Category, string, string][] = [
  ['phone', 'Yealink', 'SIP-T46S'],
  ['phone', 'Yealink', 'SIP-T54W'],
  ['phone', 'Snom', 'D785'],
  ['phone', 'Poly', 'VVX 450'],
  ['dect', 'Yealink', 'W60B'],
  ['cpu', 'Intel', 'Xeon E3-1220'],
  ['memory', '', '16 GiB'],
];

let embedded: EmbeddedStore;
beforeAll(async () => {
  embedded = await openEmbeddedStore();
});
afterAll(() => embedded.close());

const modelsArbitrary = fc
  .uniqueArray(fc.record({ which: fc.nat(CATALOG.length - 1), count: fc.nat(60) }), {
    selector: (pick) => pick.which,
    maxLength: CATALOG.length,
  })
  .map((picks) =>
    picks.map(({ which, count }) => {
      const [category, vendor, model] = CATALOG[which] as [Category, string, string];
      return { category, vendor, model, count };
    }),
  );

/** One site's words of a month, numbered as an agent numbers them. */
const siteArbitrary = fc.record({
  platform: fc.constantFrom('FreePBX 17', '3CX 20', 'other'),
  words: fc.array(fc.record({ models: modelsArbitrary, withdraw: fc.boolean() }), { minLength: 1, maxLength: 4 }),
});

const fleetArbitrary = fc
  .array(siteArbitrary, { minLength: 1, maxLength: 8 })
  .map((sites) =>
    sites.flatMap(({ platform, words }, site) =>
      words.map((word, i): SaidBySite => ({ site, sequence: i + 1, platform, ...word })),
    ),
  );

/** Facts in any order, some twice, cut into blocks anywhere: what retries, partitions and crashes may make of a log. */
const deliveredArbitrary = fleetArbitrary.chain((said) => {
  const lines = said.flatMap((word) => linesOf(PERIOD, word));
  return fc.record({
    said: fc.constant(said),
    lines: fc
      .tuple(
        fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length }),
        fc.shuffledSubarray(lines),
      )
      .map(([all, again]) => [...all, ...again]),
    cuts: fc.array(fc.nat(lines.length), { maxLength: 5 }),
  });
});

async function cubeOf(lines: readonly string[], cuts: readonly number[]): Promise<Record<string, unknown>> {
  await embedded.store.destroyFacts(PERIOD);
  const edges = [...new Set([0, ...cuts, lines.length])].sort((a, b) => a - b);
  for (const [i, from] of edges.entries()) {
    const piece = lines.slice(from, edges[i + 1] ?? lines.length);
    if (piece.length > 0) await embedded.store.insertFacts([blockOf(PERIOD, piece)]);
  }
  const order = { period: PERIOD, threshold: 1, guard: 'exact', catalogue: 'test', takenAt: Date.now() } as const;
  const snapshot = await embedded.store.takeSnapshot(order);
  return snapshot ? byCellName(await storedCells(embedded, snapshot)) : {};
}

function expectedCube(said: readonly SaidBySite[]): Record<string, unknown> {
  const cells = [...countByHand(said).values()];
  return byCellName(cells.map(({ cell, sites, devices }) => ({ ...cell, sites: sites.size, devices })));
}

test('any interleaving, repetition and splitting of deliveries gives the cube that counting by hand gives', async () => {
  await fc.assert(
    fc.asyncProperty(deliveredArbitrary, async ({ said, lines, cuts }) => {
      expect(await cubeOf(lines, cuts)).toEqual(expectedCube(said));
    }),
    { numRuns: shareOf(40) },
  );
});

test('withdrawal returns the cube to what it was without the site', async () => {
  await fc.assert(
    fc.asyncProperty(fleetArbitrary, siteArbitrary, async (others, leaver) => {
      const words = leaver.words.map(
        (word, i): SaidBySite => ({
          site: 99,
          sequence: i + 1,
          platform: leaver.platform,
          models: word.models,
          withdraw: false,
        }),
      );
      // An agent takes back every line that it ever sent in the period.
      const models = [
        ...new Map(
          words.flatMap((word) => word.models).map((model) => [JSON.stringify({ ...model, count: 0 }), model]),
        ),
      ].map(([, model]) => model);
      const farewell: SaidBySite = {
        site: 99,
        sequence: words.length + 1,
        platform: leaver.platform,
        models,
        withdraw: true,
      };
      const before = expectedCube(others);
      const lines = [...others, ...words, farewell].flatMap((word) => linesOf(PERIOD, word));
      expect(await cubeOf(lines, [])).toEqual(before);
    }),
    { numRuns: shareOf(25) },
  );
});
