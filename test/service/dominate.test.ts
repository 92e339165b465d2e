import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '../../schemas/fact.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { identifyLines } from '../../services/ingest/identify-lines.ts';
import type { GuardedDevices } from '../../services/ports/snapshot.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { blockOf, type EmbeddedStore, linesOf, openEmbeddedStore, storedCells } from '../support/embedded-store.ts';
import { sealedNames } from '../support/month-keys.ts';

// One site that nobody should be able to see, in cells that an attacker has filled with sites of its own.

const PERIOD = parsePeriod('2026-11');
const THRESHOLD = 10;
const VICTIM = 137;
const MODELS = 150;
const CAP = 1_000;
const DEVICES: GuardedDevices = { leastSites: 30, noise: CAP };

let embedded: EmbeddedStore;
beforeAll(async () => {
  embedded = await openEmbeddedStore();
});
afterAll(() => embedded.close());
let takenAt = 1;

/** Facts of sites `from` to `to` - 1 with so many of every model. */
async function sites(from: number, to: number, count: number): Promise<void> {
  const models = Array.from({ length: MODELS }, (_, i) => ({
    ...{ category: 'phone' as const, vendor: 'Yealink', model: `X${i}`, count },
  }));
  const words = Array.from({ length: to - from }, (_, i) => ({
    site: from + i,
    sequence: 1,
    platform: 'other',
    models,
  }));
  await embedded.store.insertFacts([
    blockOf(
      PERIOD,
      words.flatMap((word) => linesOf(PERIOD, { ...word, withdraw: false })),
    ),
  ]);
}

/** What the attacker works out about the victim, in each of the cells; undefined where no number is shown. */
async function workedOut(own: number, devices?: GuardedDevices): Promise<(number | undefined)[]> {
  const snapshot = await embedded.store.takeSnapshot({
    ...{ period: PERIOD, threshold: THRESHOLD, guard: 'guarded', catalogue: `t${takenAt}`, takenAt: takenAt++ },
    ...(devices ? { devices } : {}),
  });
  const cells = (await storedCells(embedded, snapshot!)).filter(({ view }) => view === 'model');
  expect(cells).toHaveLength(MODELS);
  return cells.map((cell) => (cell.devices === 0 ? undefined : cell.devices - own));
}

async function begin(): Promise<void> {
  await embedded.store.destroyFacts(PERIOD);
  for (const table of ['snapshots', 'cube', 'suppressed']) await embedded.sql.run(`TRUNCATE TABLE ${table}`);
  await sites(0, 1, VICTIM);
}

test('nine invented sites of 1,000 read the victim exactly as it was; now they learn that somebody has the model', async () => {
  await begin();
  await sites(1, 10, CAP);
  expect(new Set(await workedOut(9 * CAP))).toEqual(new Set([VICTIM]));
  await begin();
  await sites(1, 10, CAP);
  expect(new Set(await workedOut(9 * CAP, DEVICES))).toEqual(new Set([undefined]));
});

test('29 invented sites see a number with noise of the size of the largest site, and another one at each refresh', async () => {
  await begin();
  await sites(1, 30, 1);
  const first = (await workedOut(29, DEVICES)) as number[];
  const seen = first.filter((n) => n > 1);
  // Half of the draws fall under the number of sites, which is shown then.
  expect(seen.length).toBeGreaterThan(MODELS * 0.35);
  expect(seen.length).toBeLessThan(MODELS * 0.75);
  // By expectation one in ninety.
  expect(first.filter((n) => Math.abs(n - VICTIM) <= 14).length).toBeLessThan(MODELS * 0.1);
  const spread = Math.sqrt(seen.reduce((sum, n) => sum + (n - VICTIM) ** 2, 0) / seen.length);
  expect(spread).toBeGreaterThan(0.5 * CAP);
  expect(spread).toBeLessThan(1.7 * CAP);

  // Not refreshed: the same number again, whatever is asked.
  expect(await workedOut(29, DEVICES)).toEqual(first);
  await sites(30, 40, 1);
  const second = (await workedOut(39, DEVICES)) as number[];
  expect(second.filter((n, i) => n === first[i]! - 10).length).toBeLessThan(MODELS * 0.4);
});

test('a site counts for 1,000 devices of a model, in whatever lines it says more', () => {
  const identifier = buildIdentifier(loadCatalog(), PERIOD);
  const line = { category: 'phone' as const, vendor: 'Yealink', model: 'SIP-T46S', count: 10_000 };
  const { models } = identifyLines(Array<typeof line>(512).fill(line), {
    identifier,
    most: CAP,
    seal: sealedNames(PERIOD),
  });
  expect(models).toMatchObject([{ model: 'SIP-T46S', count: CAP }] satisfies Partial<Fact>[]);
});
