import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Slot } from '../../schemas/slot.ts';
import type { SiteReport } from '../../services/ingest/break-apart.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../support/embedded-store.ts';
import { ATTACKS } from '../support/re-join/all-attacks.ts';
import {
  emptyUnmerged,
  insertBlocks,
  merge,
  mixedBlocks,
  OF_SLOTS,
  readFactsAndSlots,
  type StoredFact,
  type Table,
  truthOf,
  truthOfSlots,
} from '../support/re-join/at-rest.ts';
import { type Attack, amongFacts, nearest } from '../support/re-join/attacks.ts';
import { knownFleet } from '../support/re-join/fleet.ts';
import { each } from '../support/re-join/marks.ts';
import { membersAt } from '../support/re-join/members.ts';
import { printed, type Score, scoresOf } from '../support/re-join/score.ts';

/** One copy of facts and slots together: 500 reports in fleets of 50, and 300 in one. */
const FLEETS = [...Array.from({ length: 10 }, (_, seed) => ({ sites: 50, seed })), { sites: 300, seed: 100 }];

let embedded: EmbeddedStore;
let tables: [Table, Table][];
beforeAll(async () => {
  embedded = await openEmbeddedStore();
  tables = await storeAll();
});
afterAll(() => embedded.close());

type Sabotaged = (slots: readonly Slot[], report: SiteReport) => readonly Slot[];

async function storeAll(sabotageSlots: Sabotaged = (slots) => slots): Promise<[Table, Table][]> {
  const all: [Table, Table][] = [];
  for (const { sites, seed } of FLEETS) {
    const fleet = knownFleet(sites, seed);
    await emptyUnmerged(embedded);
    await insertBlocks(embedded, await mixedBlocks(fleet, { sabotageSlots }));
    await merge(embedded);
    all.push(await readFactsAndSlots(embedded, truthOf(fleet), truthOfSlots(fleet)));
  }
  return all;
}

const isPhoneSlot = (fact: StoredFact): boolean => fact.view === 'model' && fact.category === 'phone' && fact.count > 0;
/** Amounts that caps leave behind: half of one and the other stand at their caps. */
const ladder: Attack = amongFacts(
  (fact) => isPhoneSlot(fact) && [24, 12, 6, 3].includes(fact.count),
  nearest(each((fact) => Math.log2(fact.count))),
);
/** Two amounts of one site that add up to a round total: what a remainder would leave. */
const remainders: Attack = (facts) => {
  const phones = facts.flatMap((fact, i) => (isPhoneSlot(fact) && fact.count < REMAINDER_OF ? [i] : []));
  const byCount = membersAt(phones, (i) => facts[i]!.count);
  return phones.flatMap((i) => {
    const rest = byCount.get(REMAINDER_OF - facts[i]!.count) ?? [];
    const j = rest.find((other) => other !== i && facts[other]!.cell !== facts[i]!.cell);
    return j === undefined ? [] : [[i, j] as const];
  });
};
const REMAINDER_OF = 997;

const OWN: ReadonlyMap<string, Attack> = new Map([
  ['caps as a ladder', ladder],
  ['amounts that add up', remainders],
]);

const outside = (scores: ReadonlyMap<string, Score>) =>
  [...scores].filter(([, score]) => !score.withinNoise).map(([name]) => name);

test('no attack joins facts and slots of a site better than chance, in fleets of 50 and of 300', () => {
  const slots = tables.reduce(
    (sum, [{ facts }]) => sum + facts.filter(({ part }) => part.startsWith(OF_SLOTS)).length,
    0,
  );
  expect(slots).toBeGreaterThan(3_000);
  for (const look of [0, 1] as const)
    for (const of of [tables.slice(0, -1), tables.slice(-1)]) {
      const scores = scoresOf(
        of.map((looks) => looks[look]),
        new Map([...ATTACKS, ...OWN]),
      );
      process.stdout.write(printed(`Facts and slots in one copy, ${look ? 'cell keys' : 'keys'}`, scores));
      expect(outside(scores)).toEqual([]);
    }
});

test('no number of a slot is a number of a fact', () => {
  for (const { facts } of tables.flat()) {
    const ofSlots = new Set(facts.filter(({ part }) => part.startsWith(OF_SLOTS)).map(({ key }) => key));
    const ofFacts = facts.filter(({ part, view }) => !part.startsWith(OF_SLOTS) && view === 'category');
    expect(ofFacts.length).toBeGreaterThan(10);
    expect(ofFacts.filter(({ key }) => ofSlots.has(key))).toEqual([]);
  }
});

test('a slot that held the remainder of a total would find its site: the attack bites', async () => {
  const remainder: Sabotaged = (slots) => {
    const phones = slots.filter(({ lane, amount }) => lane === 'phones' && amount > 0);
    const [first, second] = phones;
    if (!first || !second) return slots;
    return slots.map((slot) => (slot === second ? { ...slot, amount: REMAINDER_OF - first.amount } : slot));
  };
  const scores = scoresOf(
    (await storeAll(remainder)).map(([ofKeys]) => ofKeys),
    new Map([['amounts that add up', remainders]]),
  );
  const score = scores.get('amounts that add up') as Score;
  expect(score.withinNoise).toBe(false);
  expect(score.rate / score.chance).toBeGreaterThan(2);
});
