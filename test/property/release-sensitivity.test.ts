import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freezeSlots } from '../../services/adapters/clickhouse/counts/slot-table.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { FrozenSlots } from '../../services/core/slot-sums.ts';
import type { SiteReport } from '../../services/ingest/break-apart.ts';
import { LooseLines, SLOT_NUMBERS } from '../../services/ingest/loose-lines.ts';
import { forgetSecrets, secretsOf } from '../../services/ingest/site-secrets.ts';
import { addSlots } from '../../services/ingest/slots.ts';
import { mostBytes, writeLines } from '../../services/ingest/write-lines.ts';
import type { Block } from '../../services/ports/block.ts';
import { measuresAt } from '../../services/releases/numbers/queries.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../support/embedded-store.ts';
import { Seeded } from '../support/re-join/seeded.ts';

/*
 * What one token can do to every number of a release, whatever is sent under it: ingest's own code, the real table, its
 * own sums. Names end in the token's number, so that each cell of the sums is of one token and no other.
 */
const PERIOD = parsePeriod('2026-11');
const RANDOM = 20_000;
const ADVERSARIAL = 5_000;
const CAP = FIRST_CAP;
/**
 * At a time: names are used again for the next ones, whose secrets are others. So many, of which a third are of one maker, that ingest
 * remembers all of their cells: making them anew for each token was most of the test.
 */
const TOGETHER = 300;

const KINDS = [
  ...Array.from({ length: 12 }, () => 'phone' as const),
  ...(['dect', 'ata', 'gateway', 'headset', 'softphone', 'doorphone', 'mobile', 'conference', 'dect'] as const),
  ...(['pci', 'pci', 'pci', 'pci', 'pci', 'nic', 'nic', 'nic', 'nic'] as const),
  ...(['cpu', 'cpu', 'cpu', 'memory', 'memory', 'board', 'board', 'virtual'] as const),
];
const COUNTS = [1, 1, 2, 3, 6, 12, 24, 25, 400];

function report(token: number, sequence: number, random: Seeded, pick: () => number): SiteReport {
  const models = KINDS.flatMap((category, i) => {
    if (random.below(2) === 0) return [];
    const names = { vendor: `V${token % 3 === 0 ? 0 : i % 7} ${token % TOGETHER}`, model: `M${i} ${token % TOGETHER}` };
    return [{ view: 'model' as const, category, ...names, count: pick() }];
  });
  const platform = `P${random.below(3)} ${token % TOGETHER}`;
  const secret = Buffer.from(`token-${String(token).padStart(16, '0')}`);
  return { token: secret, period: PERIOD, sequence, platform, models, withdraw: random.below(12) === 0 };
}

/** As careless agents and bad networks have it: up to six reports, some lost, some twice, in any order. */
function randomSequence(token: number, random: Seeded): SiteReport[] {
  const pick = () => COUNTS[random.below(COUNTS.length)] as number;
  const sent = Array.from({ length: 1 + random.below(3) }, (_, i) => report(token, i + 1, random, pick));
  const arrived = sent.flatMap((one) => (random.below(5) === 0 ? [] : random.below(6) === 0 ? [one, one] : [one]));
  return shuffled(arrived, random);
}

/** As an agent that plays with its slots has it: ranks turned round at every report, ties, one sequence for all, or gaps. */
function adversarialSequence(token: number, random: Seeded): SiteReport[] {
  const way = random.below(4);
  return shuffled(
    Array.from({ length: 3 }, (_, i) => {
      let n = 0;
      const turned = () => (way === 1 ? 24 : 24 * 2 ** ((n++ * 5 + i * 3) % 8));
      const sequence = way === 2 ? 1 : way === 3 ? 1 + random.below(2) : 1 + random.below(900_000);
      return { ...report(token, sequence, random, turned), withdraw: false };
    }),
    random,
  );
}

function shuffled<T>(items: T[], random: Seeded): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

/** For each number's title, and each token: the squared length of what it does. */
type Moved = ReadonlyMap<string, Map<string, number>>;

function movedBy({ cells, makers }: FrozenSlots): Moved {
  const moved = new Map<string, Map<string, number>>();
  const add = (title: string, name: string, squared: number) => {
    const token = name.slice(name.lastIndexOf(' ') + 1);
    const of = moved.get(title) ?? new Map<string, number>();
    moved.set(title, of.set(token, (of.get(token) ?? 0) + squared));
  };
  const phones = new Map<string, number>();
  const fleet = new Map<string, number>();
  for (const { lane, platform, vendor, model, sites, amount } of cells) {
    const name = model || vendor || platform;
    add(TITLES[lane], name, sites ** 2);
    if (lane !== 'phones') continue;
    add('phones by model', name, amount ** 2);
    phones.set(vendor, (phones.get(vendor) ?? 0) + amount);
    const token = vendor.slice(vendor.lastIndexOf(' '));
    fleet.set(token, (fleet.get(token) ?? 0) + amount);
  }
  for (const { vendor, sites } of makers) add('sites by phone vendor', vendor, sites ** 2);
  for (const [vendor, n] of phones) add('phones by vendor', vendor, n ** 2);
  for (const [token, n] of fleet) add('all phones', token, n ** 2);
  return moved;
}

const TITLES = {
  platforms: 'sites by platform',
  makers: 'sites by platform and phone vendor',
  phones: 'sites by phone model',
  endpoints: 'sites by model of other endpoints',
  cards: 'sites by telephony card (PCI) model',
  nics: 'sites by network card model',
  cpus: 'sites by CPU',
  memories: 'sites by memory size',
  boards: 'sites by motherboard',
} as const;

let embedded: EmbeddedStore;
beforeAll(async () => {
  embedded = await openEmbeddedStore();
});
afterAll(() => embedded.close());

/** The slots of many reports as ingest writes them, without an object for each: there are two and a half million. */
function blockOfSlots(reports: readonly SiteReport[]): Block {
  const lines = new LooseLines(SLOT_NUMBERS);
  for (const report of reports) {
    const secrets = secretsOf(report.token, report.period);
    addSlots(report, CAP, secrets, lines);
    forgetSecrets(secrets);
  }
  const bytes = Buffer.alloc(mostBytes(lines));
  const end = writeLines(bytes, 0, lines, PERIOD, lines.cells.keys());
  return { period: PERIOD, facts: lines.length, reports: reports.length, bytes: bytes.subarray(0, end) };
}

/** Through the store's own way in, in blocks of many reports, and out by what a close reads. */
async function sumsAfter(sequences: readonly (readonly SiteReport[])[]): Promise<FrozenSlots> {
  await embedded.store.destroyFacts(PERIOD);
  const reports = sequences.flat();
  for (let from = 0; from < reports.length; from += 1_500) {
    const batch = reports.slice(from, from + 1_500);
    await embedded.store.insertFacts([blockOfSlots(batch)]);
  }
  await freezeSlots(embedded.sql, PERIOD, 1);
  return embedded.store.slotSums(PERIOD, 1);
}

/** What the tokens reach of each number's bound: 1 is all of it. */
async function reachedBy(tokens: number, sequenceOf: (token: number) => SiteReport[]): Promise<Map<string, number>> {
  const reached = new Map<string, number>();
  for (let from = 0; from < tokens; from += TOGETHER) {
    const sequences = Array.from({ length: Math.min(TOGETHER, tokens - from) }, (_, i) => sequenceOf(from + i));
    expectWithinBounds(await sumsAfter(sequences), sequences.length, reached);
  }
  return reached;
}

function expectWithinBounds(sums: FrozenSlots, tokens: number, reached: Map<string, number>): void {
  const moved = movedBy(sums);
  for (const { title, boundSquared } of measuresAt(CAP)) {
    const of = moved.get(title);
    if (!of) continue;
    const most = Math.max(...of.values());
    expect(most, title).toBeLessThanOrEqual(boundSquared);
    reached.set(title, Math.max(most / boundSquared, reached.get(title) ?? 0));
  }
  expect(sums.all).toBeLessThanOrEqual(tokens);
  expect(sums.atCap).toBeLessThanOrEqual(tokens);
  expect(sums.cap).toBe(CAP);
}

describe('one token moves no number of a release by more than its L2 bound', () => {
  test('after 20,000 random sequences of reports, and every bound is reached', async () => {
    const random = new Seeded(11);
    const reached = await reachedBy(RANDOM, (token) => randomSequence(token, random));
    // A test whose sites were too small would not see a bound that is missing. 13 numbers are of cells.
    expect(reached.size).toBe(13);
    for (const [title, share] of reached) expect(share, title).toBeGreaterThan(0.9);
  });

  test('after 5,000 adversarial ones: ranks turned round, ties, one sequence for many reports', async () => {
    const random = new Seeded(12);
    const reached = await reachedBy(ADVERSARIAL, (token) => adversarialSequence(token, random));
    expect(reached.get('phones by model')).toBeGreaterThan(0.9);
  });

  test('where a cell counted slots instead of cell keys, the same sequences would pass it: the test bites', async () => {
    const random = new Seeded(12);
    const sequences = Array.from({ length: 300 }, (_, token) => adversarialSequence(token, random));
    await sumsAfter(sequences);
    const rows = await embedded.sql.rows<{ model: string; n: number }>(
      `SELECT model, count() AS n FROM slots_202611 FINAL WHERE lane = 'phones' AND amount > 0 GROUP BY model`,
    );
    const squares = new Map<string, number>();
    for (const { model, n } of rows) {
      const token = model.slice(model.lastIndexOf(' '));
      squares.set(token, (squares.get(token) ?? 0) + n ** 2);
    }
    expect(Math.max(...squares.values())).toBeGreaterThan(6);
  });

  test('and a site that withdrew moves nothing', async () => {
    const random = new Seeded(13);
    const sequences = Array.from({ length: 200 }, (_, token) => {
      const sent = randomSequence(token, random);
      return [...sent, { ...report(token, 900_001, random, () => 1), withdraw: true }];
    });
    const sums = await sumsAfter(sequences);
    expect(sums).toMatchObject({ all: 0, atCap: 0, cells: [], makers: [] });
  });
});
