import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CubeRow } from '../../schemas/cube.ts';
import type { DeviceName } from '../../schemas/mapping.ts';
import { mappingStore } from '../../services/adapters/clickhouse/catalog/mapping-store.ts';
import { firstPeriodOf } from '../../services/core/mapping.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { breakApart } from '../../services/ingest/break-apart.ts';
import type { MappingStore } from '../../services/ports/mappings.ts';
import type { Snapshot } from '../../services/ports/snapshot.ts';
import { blockOf, type EmbeddedStore, openEmbeddedStore } from '../support/embedded-store.ts';
import { factLine } from '../support/fact-line.ts';

const PERIOD = parsePeriod('2026-11');
const THRESHOLD = 10;
const NOON = Date.parse('2026-11-15T12:00:00Z');

const name = (vendor: string, model: string, category: DeviceName['category'] = 'phone'): DeviceName => ({
  category,
  vendor,
  model,
});
const OLD = name('Acme', 'Phone-1');
const ODD = name('Acme', 'Phone One');
const MODEL = name('Acme', 'Phone 1');
const KNOWN = name('Yealink', 'SIP-T46S');

let embedded: EmbeddedStore;
let catalog: MappingStore;
let clock: number;

beforeAll(async () => {
  embedded = await openEmbeddedStore();
  catalog = mappingStore({ write: embedded.sql, read: embedded.sql });
});
afterAll(() => embedded.close());
beforeEach(async () => {
  clock = NOON;
  await embedded.store.destroyFacts(PERIOD);
  for (const table of ['snapshots', 'cube', 'suppressed', 'catalog_mappings'])
    await embedded.sql.run(`TRUNCATE TABLE ${table}`);
});

type Said = DeviceName & { view?: 'model' | 'unlisted'; count?: number };

/** Sites `from` to `to` - 1 that each say the same; a later `sequence` replaces what they said. */
async function say(from: number, to: number, said: readonly Said[], sequence = 1, withdraw = false): Promise<void> {
  const lines = Array.from({ length: to - from }, (_, i) =>
    breakApart({
      token: Buffer.from(`token-of-site-${String(from + i).padStart(12, '0')}`),
      period: PERIOD,
      sequence,
      platform: 'FreePBX 17',
      models: said.map(({ view = 'unlisted', count = 2, ...device }) => ({ view, count, ...device })),
      withdraw,
    }).map((fact) => factLine(PERIOD, fact)),
  ).flat();
  await embedded.store.insertFacts([blockOf(PERIOD, lines)]);
}

const map = (from: DeviceName, to: DeviceName | null) =>
  catalog.add({ rows: [{ from, to }], since: firstPeriodOf(clock), addedAt: clock++, addedBy: 'test' });

/** As the job does: the catalogue's version is part of what a snapshot is taken of. */
async function snapshot(guard: 'guarded' | 'exact' = 'exact'): Promise<Snapshot> {
  const ids = new Set((await catalog.mappings()).map(({ id }) => id));
  const order = { period: PERIOD, threshold: THRESHOLD, guard, catalogue: `c+${ids.size}`, takenAt: clock++ };
  await embedded.store.takeSnapshot(order);
  return (await embedded.store.snapshots()).at(-1) as Snapshot;
}

async function cells(view: 'model' | 'unlisted' | 'vendor' | 'category', of: Snapshot): Promise<string[]> {
  const sort = { by: 'name', descending: false } as const;
  const page = await embedded.store.counts({
    snapshot: of,
    view,
    filter: {},
    threshold: 1,
    sort,
    limit: 1000,
    offset: 0,
  });
  return page.rows.map(({ vendor, model, sites, devices }: CubeRow) => `${vendor} ${model}: ${sites}/${devices}`);
}

const held = async (of: Snapshot, view: 'model' | 'unlisted'): Promise<number> =>
  (
    await embedded.store.counts({
      snapshot: of,
      view,
      filter: {},
      threshold: THRESHOLD,
      sort: { by: 'sites', descending: true },
      limit: 1,
      offset: 0,
    })
  ).suppressedCells;

describe('the mappings as they are stored', () => {
  test('come back as they were added, oldest first, the rows of one request under one id', async () => {
    const [one] = await map(OLD, MODEL);
    const two = await catalog.add({
      rows: [
        { from: ODD, to: MODEL },
        { from: OLD, to: null },
      ],
      since: parsePeriod('2027-01'),
      // A clock that went back: the id grows all the same.
      addedAt: NOON - 60_000,
      addedBy: 'key "7"',
    });
    const all = await catalog.mappings();
    expect(all.toSorted((a, b) => a.id - b.id)).toEqual(all);
    expect(new Set(all)).toEqual(new Set([one, ...two]));
    expect(new Set(two.map(({ id }) => id)).size).toBe(1);
    expect(two[0]!.id).toBeGreaterThan(one!.id);
    expect(one).toMatchObject({ from: OLD, to: MODEL, since: '2026-12', addedAt: NOON });
  });
});

describe('the next snapshot', () => {
  test('adds the sites and devices of a mapped name to the model cell, and drops the unlisted one', async () => {
    await say(0, 30, [OLD]);
    await say(30, 42, [{ ...MODEL, view: 'model', count: 3 }]);
    const before = await snapshot();
    expect(await cells('unlisted', before)).toEqual(['Acme Phone-1: 30/60']);
    expect(await cells('model', before)).toEqual(['Acme Phone 1: 12/36']);
    await map(OLD, MODEL);
    const after = await snapshot();
    expect(after.id).toBeGreaterThan(before.id);
    expect(after.catalogue).toBe('c+1');
    expect(await cells('unlisted', after)).toEqual([]);
    expect(await cells('model', after)).toEqual(['Acme Phone 1: 42/96']);
  });

  test('is not due while no mapping and no fact came', async () => {
    await say(0, 30, [OLD]);
    await map(OLD, MODEL);
    const one = await snapshot();
    expect((await snapshot()).id).toBe(one.id);
    await map(OLD, null);
    expect((await snapshot()).id).toBeGreaterThan(one.id);
  });

  test('leaves presence by vendor and category as it was', async () => {
    await say(0, 30, [OLD]);
    await say(30, 42, [{ ...KNOWN, view: 'model' }]);
    const before = await snapshot();
    await map(OLD, name('Yealink', 'SIP-T99Z'));
    const after = await snapshot();
    for (const view of ['vendor', 'category'] as const) {
      const sites = (rows: string[]) => rows.map((row) => row.split('/')[0]);
      expect(sites(await cells(view, after))).toEqual(sites(await cells(view, before)));
    }
  });

  test('follows the newest mapping of a name, and one that was taken back is unlisted again', async () => {
    await say(0, 30, [OLD]);
    await map(OLD, MODEL);
    await map(OLD, KNOWN);
    expect(await cells('model', await snapshot())).toEqual(['Yealink SIP-T46S: 30/60']);
    await map(OLD, null);
    const last = await snapshot();
    expect([await cells('model', last), await cells('unlisted', last)]).toEqual([[], ['Acme Phone-1: 30/60']]);
  });

  test('tells names apart that differ in category or letter case', async () => {
    await say(0, 20, [OLD]);
    await say(20, 50, [name('Acme', 'phone-1')]);
    await say(50, 90, [name('Acme', 'Phone-1', 'dect')]);
    await map(OLD, MODEL);
    const taken = await snapshot();
    expect(await cells('model', taken)).toEqual(['Acme Phone 1: 20/40']);
    expect(await cells('unlisted', taken)).toEqual(['Acme Phone-1: 40/80', 'Acme phone-1: 30/60']);
  });

  test('takes a withdrawal back from the relabelled cell', async () => {
    await say(0, 30, [OLD]);
    await map(OLD, MODEL);
    expect(await cells('model', await snapshot())).toEqual(['Acme Phone 1: 30/60']);
    await say(0, 7, [OLD], 2, true);
    expect(await cells('model', await snapshot())).toEqual(['Acme Phone 1: 23/46']);
  });

  test('counts a site with two names of one model twice, its devices once: keys of two cells cannot be joined', async () => {
    await say(0, 25, [OLD, { ...ODD, count: 3 }]);
    await map(OLD, MODEL);
    await map(ODD, MODEL);
    expect(await cells('model', await snapshot())).toEqual(['Acme Phone 1: 50/125']);
  });
});

describe('thresholds go on counting sites', () => {
  test('two names of the same nine sites are no eighteen sites: the cell is held back', async () => {
    await say(0, 9, [OLD, ODD]);
    await map(OLD, MODEL);
    await map(ODD, MODEL);
    for (const guard of ['exact', 'guarded'] as const) {
      const taken = await snapshot(guard);
      expect(await cells('model', taken)).toEqual([]);
      expect([await held(taken, 'model'), await held(taken, 'unlisted')]).toEqual([1, 0]);
    }
    await say(9, 10, [OLD]);
    expect(await cells('model', await snapshot())).toEqual(['Acme Phone 1: 19/38']);
  });

  test('guarded, a mapping of few sites does not move a shown cell, so that no subtraction names them', async () => {
    await say(0, 40, [{ ...MODEL, view: 'model' }]);
    await say(40, 43, [OLD]);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 40/80']);
    await map(OLD, MODEL);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 40/80']);
    await map(OLD, null);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 40/80']);
  });

  test('guarded, a change of the sum by the threshold is not enough when several names make it up', async () => {
    await say(0, 30, [{ ...MODEL, view: 'model' }]);
    await say(30, 60, [OLD]);
    await map(OLD, MODEL);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 60/120']);
    // Six sites say both names: twelve in the sum, and six sites' doing.
    await say(60, 66, [OLD, { ...MODEL, view: 'model' }]);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 60/120']);
    await say(66, 74, [OLD]);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 80/160']);
  });

  test('a name that left the cell still counts among its names', async () => {
    await say(0, 30, [{ ...MODEL, view: 'model' }]);
    await say(30, 33, [OLD]);
    await map(OLD, MODEL);
    await say(33, 53, [{ ...MODEL, view: 'model' }]);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 53/106']);
    await map(OLD, null);
    await say(0, 7, [{ ...MODEL, view: 'model' }], 2, true);
    expect(await cells('model', await snapshot('guarded'))).toEqual(['Acme Phone 1: 53/106']);
  });
});
