import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UNLISTED_THRESHOLD } from '../../schemas/cube.ts';
import { type Cell, VIEWS } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Category } from '../../schemas/report.ts';
import { createMonthTable } from '../../services/adapters/clickhouse/client/month-tables.ts';
import type { Clients, Parameters, SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import { scanBlock } from '../../services/adapters/clickhouse/counts/scan-block.ts';
import { storeOver } from '../../services/adapters/clickhouse/store.ts';
import { rememberingCells } from '../../services/api/counts/remembered-cells.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { factKeys } from '../../services/ingest/fact-key.ts';
import type { Block } from '../../services/ports/block.ts';
import type { CountPage, CountQuery } from '../../services/ports/count-reader.ts';
import type { Snapshot, SnapshotOrder } from '../../services/ports/snapshot.ts';
import { pause } from '../../services/shared/clock.ts';
import { Failure } from '../../services/shared/failure.ts';
import { type CountStore, countStoreOver } from '../support/count-store.ts';
import { blockOf, linesOf, shownCells } from '../support/embedded-store.ts';
import { Thrown } from '../support/failures.ts';
import { emptyCounts, monthTablesIn } from '../support/month-tables.ts';
import { piecesOf, textsInFiles } from '../support/scan-files.ts';
import { someOf } from '../support/share.ts';
import { byCellName, cellName, countByHand, type SaidBySite } from '../support/site-oracle.ts';
import { DEVICE_VIEWS, VIEW_COLUMNS } from '../support/view-columns.ts';

export interface CountStoreAdapter {
  /** Stands in each test's name. */
  readonly name: string;
  /** Connections to an empty database, as another process would have them; called more than once. */
  open(): Promise<Clients>;
  /** Where the engine keeps its bytes; null when that cannot be looked at. */
  directory(): string | null;
}

const [OCTOBER, , DECEMBER] = ['2026-10', '2026-11', '2026-12'].map(parsePeriod) as [Period, Period, Period];
export const NOVEMBER = parsePeriod('2026-11');
const TABLES = [
  'cube',
  'suppressed',
  'snapshots',
  'migrations',
  'access_keys',
  'sessions',
  'sign_in_links',
  'pins',
  'view_links',
  'audit',
  'catalog_mappings',
  'close_transitions',
  'close_failures',
  'noise_keys',
  'noised',
  'ledger',
  'release_profiles',
  'agreements',
  'release_files',
  'release_decisions',
  'release_caps',
  'deliveries',
  'times_seen',
  'arrivals',
];
const THRESHOLD = 5;
const NOON = Date.parse('2026-11-15T12:00:00Z');
const MINUTE_MS = 60_000;

type Model = SaidBySite['models'][number];
const phone = (vendor: string, model: string, count = 1): Model => ({ category: 'phone', vendor, model, count });

/** A site's first report, unless something else is said. */
function word(site: number, models: readonly Model[], more: Partial<SaidBySite> = {}): SaidBySite {
  return { site, sequence: 1, platform: 'FreePBX 17', withdraw: false, ...more, models };
}

export function blockOfWords(period: Period, words: readonly SaidBySite[]): Block {
  return blockOf(
    period,
    words.flatMap((said) => linesOf(period, said)),
    words.length,
  );
}

/** Sites `from` to `to` - 1 that say the same. */
export function sites(from: number, to: number, models: readonly Model[] = []): SaidBySite[] {
  return Array.from({ length: to - from }, (_, i) => word(from + i, models));
}

/** A canary that no name of the catalogue contains and the byte scan lets pass. */
export const canary = (): string => `Kanarienvogel${randomBytes(8).toString('hex')}`;

function order(more: Partial<SnapshotOrder> = {}): SnapshotOrder {
  return { period: NOVEMBER, threshold: THRESHOLD, guard: 'exact', catalogue: 'c1', takenAt: NOON, ...more };
}

const freezing = () => ({ period: NOVEMBER, threshold: THRESHOLD, catalogue: 'c2', takenAt: NOON + 2 });

function query(snapshot: Snapshot, more: Partial<CountQuery> = {}): CountQuery {
  return {
    snapshot,
    view: 'model',
    filter: {},
    threshold: THRESHOLD,
    sort: { by: 'sites', descending: true },
    limit: 50,
    offset: 0,
    ...more,
  };
}

/** Every shape that the queries look at: ties, letter case, one name in two categories, held-back cells of each view. */
export function fleet(): SaidBySite[] {
  const platforms = ['FreePBX 17', 'FreePBX 17', '3CX 20', 'Asterisk 22'];
  return Array.from({ length: 60 }, (_, site) => {
    const models: Model[] = [{ category: 'cpu', vendor: 'Intel', model: `Xeon E${site % 11}`, count: 1 }];
    const add = (every: number, category: Category, vendor: string, model: string, count: number) => {
      if (site % every === 0) models.push({ category, vendor, model, count });
    };
    add(2, 'phone', 'Yealink', 'SIP-T46S', 1 + (site % 7));
    add(3, 'phone', 'Yealink', 'SIP-T54W', 2);
    add(4, 'phone', 'Snom', 'D785', 3);
    add(4, 'phone', 'Snom', 'd785', 3);
    add(4, 'phone', 'snom', 'D785', 3);
    add(5, 'dect', 'Yealink', 'W60B', 1);
    add(6, 'phone', 'Poly', 'VVX 450', 10);
    add(19, 'phone', 'Yealink', 'CP960', 1);
    add(29, 'phone', 'Rare', 'One', 4);
    add(20, 'headset', 'Jabra', 'Evolve2 65', 5);
    add(1, 'memory', '', '16 GiB', 2);
    add(25, 'memory', '', '12 GiB', 1);
    return word(site, models, { platform: site < 3 ? 'other' : (platforms[site % 4] as string) });
  });
}

/** Each view with each filter and each sort, about the fleet. */
export function everyQuery(snapshot: Snapshot): CountQuery[] {
  const filters: CountQuery['filter'][] = [
    {},
    { category: 'phone' },
    { category: 'phone', vendor: 'Yealink' },
    { category: 'phone', vendor: 'Rare' },
    { category: 'cpu' },
    { category: 'headset' },
    { category: 'virtual' },
    { category: 'memory', vendor: '' },
    { category: 'phone', vendor: 'Snom', model: 'D785' },
    { q: 't4' },
    { q: 'SNOM' },
    { category: 'phone', q: '5' },
  ];
  const platformFilters: CountQuery['filter'][] = [{}, { platform: 'FreePBX 17' }, { platform: 'other' }, { q: 'cx' }];
  const queries: CountQuery[] = [];
  for (const view of VIEWS) {
    for (const filter of view.startsWith('platform') ? platformFilters : filters)
      queries.push(query(snapshot, { view, filter }));
    for (const by of ['sites', 'devices', 'name'] as const)
      for (const descending of [true, false]) queries.push(query(snapshot, { view, sort: { by, descending } }));
  }
  queries.push(query(snapshot, { view: 'platform_vendor', filter: { vendor: 'Yealink' } }));
  queries.push(query(snapshot, { view: 'platform_vendor', filter: { platform: '3CX 20', vendor: 'Snom' } }));
  return queries;
}

interface Counted {
  readonly cell: Cell;
  readonly sites: number;
  readonly devices: number;
}

/** A page by the meaning of the query, from cells counted by hand. Deliberately naive. */
function pageByHand(cells: readonly Counted[], { view, filter, sort, limit, offset }: CountQuery): CountPage {
  const least = (cell: Cell) => (cell.view === 'unlisted' ? Math.max(UNLISTED_THRESHOLD, THRESHOLD) : THRESHOLD);
  const shown = cells.filter(({ cell, sites }) => sites >= least(cell));
  const models = shown.filter(({ cell }) => cell.view === 'model');
  const sum = (of: readonly Counted[]) => of.reduce((total, { devices }) => total + devices, 0);
  const devicesOf = ({ cell, devices }: Counted): number => {
    if (DEVICE_VIEWS.includes(cell.view)) return devices;
    if (cell.view.startsWith('platform')) return 0;
    const inside = (name: 'category' | 'vendor') => (other: Counted) =>
      !VIEW_COLUMNS[cell.view].includes(name) || other.cell[name] === cell[name];
    return sum(models.filter(inside('category')).filter(inside('vendor')));
  };
  const names = ['category', 'vendor', 'platform', 'model'] as const;
  const wanted = (cell: Cell) =>
    cell.view === view &&
    names.every((name) => filter[name] === undefined || cell[name] === filter[name]) &&
    `${cell.platform} ${cell.vendor} ${cell.model}`.toLowerCase().includes((filter.q ?? '').toLowerCase());
  const rows = shown.filter(({ cell }) => wanted(cell)).map((one) => ({ ...one, devices: devicesOf(one) }));
  const byName = (a: Counted, b: Counted) => {
    const columns = VIEW_COLUMNS[view];
    const keys = ({ cell }: Counted) => [...columns.map((c) => cell[c].toLowerCase()), ...columns.map((c) => cell[c])];
    const [x, y] = [keys(a), keys(b)];
    const at = x.findIndex((key, i) => key !== y[i]);
    return at < 0 ? 0 : x[at]! < y[at]! ? -1 : 1;
  };
  const sign = sort.descending ? -1 : 1;
  const { by } = sort;
  rows.sort((a, b) => (by === 'name' ? sign * byName(a, b) : sign * (a[by] - b[by]) || byName(a, b)));
  const phones = view === 'platform_vendor' && filter.vendor ? 'phone' : filter.category;
  const coarser: Partial<Cell> = filter.platform
    ? { view: 'platform', platform: filter.platform }
    : filter.vendor
      ? { view: 'vendor', category: phones as Category, vendor: filter.vendor }
      : filter.category
        ? { view: 'category', category: filter.category as Category }
        : { view: 'site' };
  const total = shown.find(({ cell }) => Object.entries(coarser).every(([name, v]) => cell[name as 'view'] === v));
  const inScope = ({ cell }: Counted) =>
    (phones === undefined || cell.category === phones) &&
    (filter.vendor === undefined || cell.vendor === filter.vendor);
  const summed = DEVICE_VIEWS.includes(view) ? shown.filter(({ cell }) => cell.view === view) : models;
  return {
    rows: rows
      .slice(offset, offset + limit)
      .map(({ cell: { view, platform, category, vendor, model }, sites, devices }) => ({
        ...{ view, platform, category, vendor, model, sites, devices },
      })),
    more: rows.length > offset + limit,
    totalSites: total?.sites ?? null,
    totalDevices: sum(summed.filter(inScope)),
    suppressedCells: heldBack(
      cells.filter(({ cell }) => cell.view === view),
      shown,
      filter,
      least,
    ),
  };
}

/** Cells held back in the scope; in the next wider one, where the vendor or the platform is itself held back. */
function heldBack(
  ofView: readonly Counted[],
  shown: readonly Counted[],
  { category, vendor, platform }: CountQuery['filter'],
  least: (cell: Cell) => number,
): number {
  const held = ofView.filter(({ cell, sites }) => sites < least(cell));
  const view = ofView[0]?.cell.view;
  const isShown = (coarse: string, more: Partial<Cell>) =>
    shown.some(
      ({ cell }) => cell.view === coarse && Object.entries(more).every(([name, v]) => cell[name as 'vendor'] === v),
    );
  if (platform && view === 'platform_vendor' && isShown('platform', { platform }))
    return held.filter(({ cell }) => cell.platform === platform).length;
  if (vendor && view === 'platform_vendor' && isShown('vendor', { category: 'phone', vendor }))
    return held.filter(({ cell }) => cell.vendor === vendor).length;
  const byCategory = view === 'vendor' || DEVICE_VIEWS.includes(view ?? 'site');
  const inCategory = held.filter(({ cell }) => !byCategory || !category || cell.category === category);
  if (vendor && DEVICE_VIEWS.includes(view ?? 'site') && isShown('vendor', { category: category as Category, vendor }))
    return inCategory.filter(({ cell }) => cell.vendor === vendor).length;
  return inCategory.length;
}

const INJECTIONS = [
  `' OR 1=1 --`,
  `' OR '1'='1`,
  `'; DROP TABLE cube; --`,
  `'); INSERT INTO cube SELECT * FROM facts; --`,
  `\\' OR 1=1 --`,
  `\\`,
  `\\\\' OR sites > 0 #`,
  `{period:UInt32}`,
  `{q:String}`,
  `%`,
  `x' UNION ALL SELECT * FROM facts --`,
  `'||(SELECT version())||'`,
  `"; SELECT 1`,
  '`; SELECT 1',
  `/*`,
  `\n; DROP TABLE facts`,
  `\t\r\n\u0000`,
  `\u0000`,
  `[1,'x\\'`,
  `\\N`,
  `NULL`,
  `Ünïcode 電話 ☎`,
  `a`.repeat(20_000),
];

/** Lets `passed` statements of the store's writing through, then dies as a process does: nothing more is sent. */
class Dying implements SqlClient {
  readonly #client: SqlClient;
  #left: number;
  constructor(client: SqlClient, passed: number) {
    this.#client = client;
    this.#left = passed;
  }
  async run(sql: string, parameters?: Parameters): Promise<void> {
    if (this.#left-- <= 0) throw new Error('died');
    await this.#client.run(sql, parameters);
  }
  rows<T>(sql: string, parameters?: Parameters): Promise<T[]> {
    return this.#client.rows<T>(sql, parameters);
  }
  insertLines(table: string, lines: readonly Uint8Array[]): Promise<void> {
    return this.#client.insertLines(table, lines);
  }
  close(): Promise<void> {
    return this.#client.close();
  }
}

/** One test, or more, for each sentence of the port's comments. */
export function describeCountStore({ name: adapter, open, directory }: CountStoreAdapter): void {
  describe(`CountStore on ${adapter}`, () => {
    let clients: Clients;
    const thrown = new Thrown();
    let store: CountStore;

    const rowsOf = (sql: string) => clients.read.rows<Record<string, number | string>>(sql);
    const insert = (words: readonly SaidBySite[], period = NOVEMBER) =>
      store.insertFacts([blockOfWords(period, words)]);
    const taken = async (more: Partial<SnapshotOrder> = {}): Promise<Snapshot> => {
      const snapshot = await store.takeSnapshot(order(more));
      if (!snapshot) throw new Error('a snapshot was due');
      return snapshot;
    };
    const newest = async (period = NOVEMBER) => (await store.snapshots()).find((one) => one.period === period);

    beforeAll(async () => {
      clients = await open();
      store = thrown.watch(countStoreOver(clients));
      await store.migrate();
    });
    afterAll(async () => {
      await store?.close();
      thrown.expectOfTheSet('malformed-block', 'no-facts', 'closed');
    });
    beforeEach(async () => {
      await emptyCounts(clients.write);
    });

    describe('HeldFacts', () => {
      const token = (site: number) => `token-of-site-${String(site).padStart(12, '0')}`;
      const cell = (view: Cell['view'], more: Partial<Cell> = {}): Cell => ({
        view,
        platform: '',
        category: '',
        vendor: '',
        model: '',
        ...more,
      });
      const T46S = cell('model', { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' });
      const ASKED = [cell('site'), T46S, cell('model', { category: 'phone', vendor: 'Poly', model: 'VVX 450' })];
      const heldOf = (site: number, period = NOVEMBER) => {
        const keys = factKeys(Buffer.from(token(site)), period, ASKED);
        const keyed = ASKED.map((one, at) => ({ cell: one, key: keys[at]!.key }));
        return storeOver(clients).held.heldCounts(period, keyed);
      };

      test(`the count under each key, in their order, the newest of each; 0 where there is none (${adapter})`, async () => {
        await insert([word(1, [phone('Yealink', 'SIP-T46S', 12)]), word(2, [phone('Poly', 'VVX 450', 3)])]);
        await insert([word(1, [phone('Yealink', 'SIP-T46S', 4)], { sequence: 2 })]);
        expect(await heldOf(1)).toEqual([1, 4, 0]);
        expect(await heldOf(2)).toEqual([1, 0, 3]);
        expect(await heldOf(3)).toEqual([0, 0, 0]);
        await insert([word(1, [phone('Yealink', 'SIP-T46S', 4)], { sequence: 3, withdraw: true })]);
        expect(await heldOf(1)).toEqual([0, 0, 0]);
      });

      test(`of its own period only, and nothing for no question (${adapter})`, async () => {
        await insert([word(1, [phone('Yealink', 'SIP-T46S', 12)])]);
        expect(await heldOf(1, DECEMBER)).toEqual([0, 0, 0]);
        expect(await storeOver(clients).held.heldCounts(NOVEMBER, [])).toEqual([]);
      });

      test(`the names of every cell that has facts, each once, and of no other (${adapter})`, async () => {
        await insert([word(1, [phone('Yealink', 'SIP-T46S', 12)]), word(2, [phone('Yealink', 'SIP-T46S', 3)])]);
        const cells = await storeOver(clients).held.heldCells(NOVEMBER);
        expect(cells).toContainEqual(T46S);
        expect(new Set(cells.map(cellName)).size).toBe(cells.length);
        expect(await storeOver(clients).held.heldCells(DECEMBER)).toEqual([]);
      });
    });

    test(`an empty database is brought to the newest version, by several processes at once (${adapter})`, async () => {
      for (const table of TABLES) await clients.write.run(`DROP TABLE IF EXISTS ${table}`);
      const others = await Promise.all([open(), open()]);
      const stores = [clients, ...others].map(countStoreOver);
      await Promise.all(stores.map((one) => one.migrate()));
      const tables = await rowsOf('SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name');
      expect(tables.map(({ name }) => name)).toEqual([...TABLES].sort());
      expect(await rowsOf('SELECT DISTINCT version FROM migrations ORDER BY version')).toEqual([
        { version: 1 },
        { version: 2 },
        { version: 3 },
        { version: 4 },
        { version: 5 },
        { version: 6 },
        { version: 7 },
        { version: 8 },
        { version: 9 },
        { version: 10 },
        { version: 11 },
        { version: 12 },
        { version: 13 },
      ]);
      await insert(sites(0, 7));
      expect((await taken()).sites).toBe(7);
      await Promise.all(stores.slice(1).map((one) => one.close()));
    });

    test(`migrating again changes nothing (${adapter})`, async () => {
      await insert(sites(0, 7));
      await taken();
      const journal = await rowsOf('SELECT * FROM migrations ORDER BY ALL');
      await store.migrate();
      expect(await rowsOf('SELECT * FROM migrations ORDER BY ALL')).toEqual(journal);
      expect((await newest())?.sites).toBe(7);
    });

    test(`blocks are inserted together, and no block is nothing (${adapter})`, async () => {
      await store.insertFacts([]);
      expect(await store.factPeriods()).toEqual([]);
      await store.insertFacts([
        blockOfWords(NOVEMBER, sites(0, 4)),
        blockOfWords(NOVEMBER, sites(4, 9)),
        blockOfWords(NOVEMBER, sites(9, 12)),
      ]);
      expect((await taken()).sites).toBe(12);
    });

    test(`the first malformed block is named by its index, and nothing is inserted (${adapter})`, async () => {
      const good = blockOfWords(NOVEMBER, sites(0, 3));
      const line = linesOf(NOVEMBER, word(9, []))[0] as string;
      const bad: Block[] = [
        blockOf(NOVEMBER, [`${line}; DROP TABLE facts\n`]),
        blockOf(NOVEMBER, [line.replace(/\]\n$/, ',1]\n')]),
        { ...blockOf(NOVEMBER, [line]), facts: 2 },
        blockOf(NOVEMBER, []),
        blockOf(NOVEMBER, [`${line}\n`]),
        blockOf(NOVEMBER, [line.replace('202611', '202610')]),
        blockOf(NOVEMBER, ['[202611,"site","","","","",1,4294967297,1,1]\n']),
      ];
      for (const one of bad) {
        const blocks = [good, good, one, good, one];
        await expect(store.insertFacts(blocks)).rejects.toMatchObject({
          code: 'malformed-block',
          detail: { index: 2 },
        });
        await expect(store.insertFacts(blocks)).rejects.toBeInstanceOf(Failure);
      }
      expect(await store.factPeriods()).toEqual([]);
    });

    test(`blocks of two periods are not one insert (${adapter})`, async () => {
      const blocks = [blockOfWords(NOVEMBER, sites(0, 3)), blockOfWords(DECEMBER, sites(3, 6))];
      await expect(store.insertFacts(blocks)).rejects.toMatchObject({ code: 'malformed-block', detail: { index: 1 } });
      expect(await store.factPeriods()).toEqual([]);
    });

    test(`what the engine rejects at the last of many lines leaves nothing of any line (${adapter})`, async () => {
      const bytes = scanBlock(blockOfWords(NOVEMBER, fleet()))?.facts as Uint8Array;
      const many = Array.from({ length: 20 }, () => bytes);
      const secret = canary();
      await createMonthTable(clients.write, 'facts', NOVEMBER);
      for (const last of [`["${secret}"]\n`, `{"${secret}"}\n`, `[202611,"site","","","","",x,1,1]\n`]) {
        const failure = await clients.write
          .insertLines('facts_202611', [...many, Buffer.from(last)])
          .catch((thrown: unknown) => thrown);
        expect(failure).toMatchObject({ code: 'store-rejected', retryable: false });
      }
      expect(await store.factPeriods()).toEqual([]);
      await clients.write.insertLines('facts_202611', many);
      expect(await store.factPeriods()).toEqual([NOVEMBER]);
    });

    test(`no failure holds text of the store's (${adapter})`, async () => {
      const secret = canary();
      await createMonthTable(clients.write, 'facts', NOVEMBER);
      const calls = [
        () => clients.write.insertLines('facts_202611', [Buffer.from(`[202611,"${secret}"\n`)]),
        () => clients.read.rows(`SELECT '${secret}' AS a, nothing FROM facts_202611`),
        () => clients.write.run(`INSERT INTO facts_202611 SELECT '${secret}'`),
        () => clients.read.rows('SELECT {n:UInt32}', { n: secret }),
      ];
      for (const call of calls) {
        const failure = await call().catch((thrown: unknown) => thrown);
        expect(failure).toBeInstanceOf(Failure);
        const { message, stack, cause, detail, code } = failure as Failure;
        expect(JSON.stringify([message, stack, String(cause), detail, code])).not.toContain(secret);
        expect(message).toBe(code);
      }
    });

    test(`only rows that are at fault are rejected, whatever else fails is unavailable (${adapter})`, async () => {
      await expect(clients.read.rows('SELECT {n:UInt32}', { n: 'x' })).rejects.toMatchObject({
        code: 'store-unavailable',
        retryable: true,
      });
      await expect(clients.write.insertLines('nowhere', [Buffer.from('[1]\n')])).rejects.toMatchObject({
        code: 'store-unavailable',
        retryable: true,
      });
    });

    test(`delivery may repeat and reorder: of a key the highest version counts (${adapter})`, async () => {
      const models = (count: number) => [phone('Yealink', 'SIP-T46S', count)];
      const said = [0, 1, 2, 3, 4, 5].flatMap((site) => [
        word(site, models(1)),
        word(site, models(7), { sequence: 3 }),
        word(site, models(4), { sequence: 2 }),
      ]);
      await insert(said);
      await insert(said.slice(5));
      await insert(said.slice(0, 9));
      const page = await store.counts(query(await taken()));
      expect(page.rows).toMatchObject([{ sites: 6, devices: 42 }]);
    });

    test(`the periods that have facts come oldest first (${adapter})`, async () => {
      expect(await store.factPeriods()).toEqual([]);
      await insert(sites(0, 1), DECEMBER);
      await insert(sites(0, 1), OCTOBER);
      await insert(sites(0, 1), NOVEMBER);
      expect(await store.factPeriods()).toEqual([OCTOBER, NOVEMBER, DECEMBER]);
    });

    test(`a snapshot is visible at once and is what was returned (${adapter})`, async () => {
      await insert(fleet());
      const snapshot = await taken({ catalogue: 'catalogue 7' });
      expect(snapshot).toMatchObject({ period: NOVEMBER, takenAt: NOON, provisional: true, catalogue: 'catalogue 7' });
      expect(await store.snapshots()).toEqual([snapshot]);
      const other = countStoreOver(await open());
      expect(await other.snapshots()).toEqual([snapshot]);
      expect(await shownCells(other, snapshot)).toEqual(await shownCells(store, snapshot));
      await other.close();
    });

    test(`of two snapshots at once the one that was asked for last is the newest, whatever their clocks say (${adapter})`, async () => {
      await insert(sites(0, 10, [phone('Snom', 'D785')]));
      let show: () => void = () => {};
      const shown = new Promise<void>((resolve) => {
        show = resolve;
      });
      let earlier: Promise<unknown> = Promise.resolve();
      await new Promise<void>((counted) => {
        const beforeShown = () => {
          counted();
          return shown;
        };
        earlier = store.takeSnapshot(order({ takenAt: NOON + 1, beforeShown }));
      });
      await insert(sites(10, 20, [phone('Snom', 'D785')]));
      const later = store.takeSnapshot(order({ takenAt: NOON }));
      await Promise.race([later, pause(500)]);
      show();
      await Promise.all([earlier, later]);
      expect(await newest()).toMatchObject({ sites: 20 });
    });

    test(`an attempt that dies before its last row leaves nothing to see (${adapter})`, async () => {
      await insert(sites(0, 7, [phone('Snom', 'D785')]));
      const first = await taken();
      const before = await shownCells(store, first);
      await insert(sites(7, 20, [phone('Poly', 'VVX 450')]));
      for (const passed of [0, 1, 2]) {
        const dying = countStoreOver({ ...clients, write: new Dying(clients.write, passed) });
        await expect(dying.takeSnapshot(order({ takenAt: NOON + 1 + passed }))).rejects.toThrow('died');
        expect(await store.snapshots()).toEqual([first]);
        expect(await shownCells(store, first)).toEqual(before);
      }
      const second = await taken({ takenAt: NOON + 10 });
      expect(second.sites).toBe(20);
      expect(await store.snapshots()).toEqual([second]);
      const page = await store.counts(query(second));
      expect(page.rows.map(({ model, sites }) => [model, sites])).toEqual([
        ['VVX 450', 13],
        ['D785', 7],
      ]);
    });

    test(`who is to read a snapshot before it is shown finds all of it, and nobody else any; that it fails harms nothing (${adapter})`, async () => {
      await insert(fleet());
      const first = await taken();
      await insert(sites(100, 130, [phone('Yealink', 'SIP-T46S', 9)]));
      const read: unknown[] = [];
      const second = await taken({
        takenAt: NOON + 1,
        async beforeShown(snapshot) {
          read.push(await store.snapshots(), await shownCells(store, snapshot));
          throw new Error('not read');
        },
      });
      expect(read).toEqual([[first], await shownCells(store, second)]);
      expect(await store.snapshots()).toEqual([second]);
    });

    test(`what dead attempts left goes with the old snapshots (${adapter})`, async () => {
      await insert(sites(0, 7));
      await taken();
      await insert(sites(7, 8));
      const dying = countStoreOver({ ...clients, write: new Dying(clients.write, 2) });
      await expect(dying.takeSnapshot(order({ takenAt: NOON + 1 }))).rejects.toThrow('died');
      const second = await taken({ takenAt: NOON + 2 });
      await insert(sites(8, 9));
      const third = await taken({ takenAt: NOON + 11 * MINUTE_MS });
      const kept = await rowsOf('SELECT DISTINCT snapshot FROM cube ORDER BY snapshot');
      expect(kept.map(({ snapshot }) => snapshot)).toEqual([second.id, third.id]);
    });

    test(`an older snapshot stays what it was while a newer one exists (${adapter})`, async () => {
      await insert(fleet());
      const first = await taken();
      const queries = someOf(everyQuery(first));
      expect(new Set(queries.map(({ view }) => view)).size).toBe(VIEWS.length);
      const before = await Promise.all(queries.map((one) => store.counts(one)));
      await insert(sites(100, 130, [phone('Yealink', 'SIP-T46S', 9)]));
      const second = await taken({ takenAt: NOON + MINUTE_MS });
      expect(second.sites).toBe(90);
      expect(await Promise.all(queries.map((one) => store.counts(one)))).toEqual(before);
    });

    test(`nothing changed, no snapshot; no facts, no snapshot (${adapter})`, async () => {
      expect(await store.takeSnapshot(order())).toBeNull();
      await insert(sites(0, 7));
      const first = await taken();
      expect(await store.takeSnapshot(order({ takenAt: NOON + 1 }))).toBeNull();
      expect(await store.snapshots()).toEqual([first]);
      await insert(sites(7, 8));
      const second = await taken({ takenAt: NOON + 2 });
      expect(second.id).toBeGreaterThan(first.id);
      expect(await store.takeSnapshot(order({ takenAt: NOON + 3 }))).toBeNull();
    });

    test(`another threshold, guard or catalogue is a change (${adapter})`, async () => {
      await insert(sites(0, 7));
      await taken();
      await taken({ takenAt: NOON + 1, catalogue: 'c2' });
      await taken({ takenAt: NOON + 2, catalogue: 'c2', guard: 'guarded' });
      const last = await taken({ takenAt: NOON + 3, catalogue: 'c2', guard: 'guarded', threshold: 8 });
      expect(last.sites).toBeNull();
    });

    test(`a clock that was set back does not bring an old snapshot back (${adapter})`, async () => {
      await insert(sites(0, 7));
      const first = await taken();
      await insert(sites(7, 9));
      const second = await taken({ takenAt: NOON - 60 * MINUTE_MS });
      expect(second.id).toBeGreaterThan(first.id);
      expect((await newest())?.sites).toBe(9);
    });

    test(`what failed attempts left is counted with nothing, also while the clock is set back (${adapter})`, async () => {
      const earlier = (minutes: number) => order({ takenAt: NOON - minutes * MINUTE_MS });
      await insert(sites(0, 7));
      await taken();
      await insert([...sites(7, 9), ...sites(9, 12, [phone('Rare', 'One')])]);
      for (const fails of ['INSERT INTO cube', 'INSERT INTO suppressed']) {
        const { write } = clients;
        const run: SqlClient['run'] = (sql, parameters) =>
          sql.includes(fails) ? Promise.reject(new Failure('store-unavailable')) : write.run(sql, parameters);
        const failing: SqlClient = {
          run,
          rows: (sql, parameters) => write.rows(sql, parameters),
          insertLines: (table, lines, settings) => write.insertLines(table, lines, settings),
          close: () => write.close(),
        };
        const attempt = countStoreOver({ ...clients, write: failing }).takeSnapshot(earlier(60));
        await expect(attempt).rejects.toMatchObject({ code: 'store-unavailable' });
      }
      const snapshot = await store.takeSnapshot(earlier(59));
      expect(snapshot).toMatchObject({ sites: 12 });
      expect((await store.counts(query(snapshot as Snapshot))).rows.filter(({ vendor }) => vendor === 'Rare')).toEqual(
        [],
      );
    });

    test(`cells under the threshold are not stored at all (${adapter})`, async () => {
      await insert([...sites(0, 4, [phone('Rare', 'One')]), ...sites(4, 9, [phone('Snom', 'D785')])]);
      await taken();
      const stored = await rowsOf('SELECT DISTINCT vendor, model FROM cube ORDER BY ALL');
      expect(stored).toEqual([
        { vendor: '', model: '' },
        { vendor: 'Snom', model: '' },
        { vendor: 'Snom', model: 'D785' },
      ]);
      expect(await rowsOf('SELECT min(sites) AS least FROM cube')).toEqual([{ least: 5 }]);
      expect(await rowsOf(`SELECT count() AS n FROM suppressed WHERE vendor = 'Rare'`)).toEqual([{ n: 0 }]);
    });

    test(`a guarded cell changes when its sites have moved by the threshold, an exact one always (${adapter})`, async () => {
      const shownSites = async (guard: 'guarded' | 'exact', takenAt: number) => {
        const snapshot = await taken({ guard, takenAt });
        const { rows } = await store.counts(query(snapshot));
        return [snapshot.sites, rows[0]?.sites ?? null];
      };
      const models = [phone('Snom', 'D785')];
      await insert(sites(0, 4, models));
      expect(await shownSites('guarded', NOON)).toEqual([null, null]);
      await insert(sites(4, 6, models));
      expect(await shownSites('guarded', NOON + 1)).toEqual([6, 6]);
      await insert(sites(6, 10, models));
      expect(await shownSites('guarded', NOON + 2)).toEqual([6, 6]);
      await insert(sites(10, 11, models));
      expect(await shownSites('guarded', NOON + 3)).toEqual([11, 11]);
      await insert(sites(11, 12, models));
      expect(await shownSites('exact', NOON + 4)).toEqual([12, 12]);
    });

    test(`the newest snapshot of each period, oldest period first (${adapter})`, async () => {
      for (const period of [DECEMBER, OCTOBER, NOVEMBER]) await insert(sites(0, 7), period);
      await insert(sites(7, 9), OCTOBER);
      const december = await taken({ period: DECEMBER });
      const october = await taken({ period: OCTOBER });
      const first = await taken();
      await insert(sites(7, 8));
      const second = await taken({ takenAt: NOON + 1 });
      expect(first.id).not.toBe(second.id);
      expect(await store.snapshots()).toEqual([october, second, december]);
      expect((await store.snapshots()).map((one) => one.sites)).toEqual([9, 8, 7]);
    });

    test(`a period of fewer sites than the threshold does not say how many (${adapter})`, async () => {
      await insert(sites(0, 4));
      const snapshot = await taken();
      expect(snapshot.sites).toBeNull();
      expect(await store.snapshots()).toEqual([snapshot]);
    });

    test(`every view, filter and sort gives the page that counting by hand gives (${adapter})`, async () => {
      const said = fleet();
      await insert(said);
      const snapshot = await taken();
      const cells = [...countByHand(said).values()].map((one) => ({ ...one, sites: one.sites.size }));
      expect(byCellName(await shownCells(store, snapshot, THRESHOLD))).toEqual(
        byCellName(
          cells
            .filter((one) => one.sites >= THRESHOLD)
            .map(({ cell, sites, devices }) => ({ ...cell, sites, devices: cell.view === 'model' ? devices : 0 })),
        ),
      );
      const remembered = rememberingCells(store);
      for (const one of everyQuery(snapshot)) {
        const { view, filter, sort } = one;
        const byHand = { view, filter, sort, ...pageByHand(cells, one) };
        const page = await store.counts(one);
        expect({ view, filter, sort, ...page }).toEqual(byHand);
        expect({ view, filter, held: await remembered.heldBack(one) }).toEqual({
          view,
          filter,
          held: page.suppressedCells,
        });
        // The API makes pages of the months that it has read: they are the store's own.
        expect({ view, filter, sort, ...(await remembered.counts(one)) }).toMatchObject(byHand);
      }
    });

    test(`unlisted names are counted from twenty sites on (${adapter})`, async () => {
      const unlisted = (from: number, to: number, model: string) =>
        Array.from(
          { length: to - from },
          (_, i) => `[202611,"unlisted","","phone","Acme","${model}",${from + i + 1},2,1,1]\n`,
        );
      const lines = [...unlisted(0, 19, 'X1'), ...unlisted(20, 41, 'X2')];
      await store.insertFacts([blockOf(NOVEMBER, lines)]);
      const page = await store.counts(query(await taken(), { view: 'unlisted' }));
      expect(page).toMatchObject({ totalDevices: 42, suppressedCells: 1 });
      expect(page.rows.map(({ model, sites, devices }) => [model, sites, devices])).toEqual([['X2', 21, 42]]);
    });

    test(`pages of any size put together are the whole, each row once, ties broken by name (${adapter})`, async () => {
      await insert(fleet());
      const snapshot = await taken();
      for (const by of ['sites', 'devices', 'name'] as const)
        for (const descending of [true, false]) {
          const whole = await store.counts(query(snapshot, { sort: { by, descending }, limit: 1000 }));
          expect(whole.more).toBe(false);
          for (const limit of by === 'sites' && descending ? [1, 3, 1000] : [5]) {
            const pages: CountPage[] = [];
            for (let offset = 0; pages.at(-1)?.more ?? true; offset += limit)
              pages.push(await store.counts(query(snapshot, { sort: { by, descending }, limit, offset })));
            expect(pages.flatMap((page) => page.rows)).toEqual(whole.rows);
            const { rows: _, more: __, ...totals } = whole;
            for (const page of pages) expect(page).toMatchObject(totals);
          }
          const tied = whole.rows.filter(({ model }) => model.toLowerCase() === 'd785').map(cellName);
          const inOrder = ['model||phone|Snom|D785', 'model||phone|Snom|d785', 'model||phone|snom|D785'];
          expect(tied).toEqual(by === 'name' && descending ? inOrder.reverse() : inOrder);
        }
      const past = await store.counts(query(snapshot, { offset: 1000 }));
      expect(past).toMatchObject({ rows: [], more: false, totalSites: 60 });
    });

    test(`a threshold that was raised later holds back what the snapshot still has (${adapter})`, async () => {
      const said = fleet();
      await insert(said);
      const snapshot = await taken();
      for (const threshold of [6, 16, 31, 61]) {
        const page = await store.counts(query(snapshot, { threshold, limit: 1000 }));
        const shown = [...countByHand(said).values()].filter(({ sites }) => sites.size >= threshold);
        const models = shown.filter(({ cell }) => cell.view === 'model');
        expect(page.rows.map(cellName).sort()).toEqual(models.map(({ cell }) => cellName(cell)).sort());
        expect(page.totalDevices).toBe(models.reduce((sum, { devices }) => sum + devices, 0));
        expect(page.totalSites).toBe(threshold > 60 ? null : 60);
        for (const row of await shownCells(store, snapshot, threshold))
          expect(row.sites).toBeGreaterThanOrEqual(threshold);
      }
      const vendors = await store.counts(query(snapshot, { view: 'vendor', threshold: 16 }));
      const yealink = vendors.rows.find(({ category, vendor }) => category === 'phone' && vendor === 'Yealink');
      const ofModels = await store.counts(
        query(snapshot, { threshold: 16, filter: { category: 'phone', vendor: 'Yealink' } }),
      );
      expect(yealink?.devices).toBe(ofModels.totalDevices);
    });

    test(`whatever stands in a filter is a name and nothing else (${adapter})`, async () => {
      await insert(fleet());
      const snapshot = await taken();
      const before = await store.counts(query(snapshot, { limit: 1000 }));
      const stored = async () =>
        Promise.all(
          ['facts_202611', 'cube', 'suppressed', 'snapshots'].map((t) => rowsOf(`SELECT count() AS n FROM ${t}`)),
        );
      const rows = await stored();
      for (const text of INJECTIONS)
        for (const name of ['category', 'vendor', 'platform', 'model', 'q'] as const)
          for (const view of name === 'platform' ? (['platform', 'platform_vendor'] as const) : (['model'] as const)) {
            const page = await store.counts(query(snapshot, { view, filter: { [name]: text } }));
            expect(page, `${name}: ${text.slice(0, 50)}`).toMatchObject({ rows: [], more: false });
          }
      expect(await store.counts(query(snapshot, { limit: 1000 }))).toEqual(before);
      expect(await stored()).toEqual(rows);
    });

    test(`every fact of the period is dropped, cubes and other periods stay (${adapter})`, async () => {
      await insert(fleet());
      await insert(sites(0, 9), OCTOBER);
      const snapshot = await taken();
      const before = await shownCells(store, snapshot);
      await store.destroyFacts(NOVEMBER);
      expect(await store.factPeriods()).toEqual([OCTOBER]);
      expect(await monthTablesIn(clients.read)).toEqual(['facts_202610', 'slots_202610']);
      expect(await store.snapshots()).toEqual([snapshot]);
      expect(await shownCells(store, snapshot)).toEqual(before);
      await store.destroyFacts(NOVEMBER);
      await store.destroyFacts(DECEMBER);
      expect(await store.factPeriods()).toEqual([OCTOBER]);
    });

    test(`a month's counts do not depend on another month's facts of the same keys (${adapter})`, async () => {
      const lines = sites(0, 9, [phone('Yealink', 'SIP-T46S', 4)]).flatMap((said) => linesOf(NOVEMBER, said));
      await store.insertFacts([blockOf(NOVEMBER, lines, 9)]);
      const inOctober = lines.map((line) => line.replace('[202611,', '[202610,'));
      expect(inOctober).not.toEqual(lines);
      await store.insertFacts([blockOf(OCTOBER, inOctober, 9)]);
      const [october, november] = [await taken({ period: OCTOBER }), await taken()];
      expect([october.sites, november.sites]).toEqual([9, 9]);
      expect(await shownCells(store, october)).toEqual(await shownCells(store, november));
    });

    test(`a late insert brings the period back, and it is dropped again (${adapter})`, async () => {
      await insert(sites(0, 7));
      await store.destroyFacts(NOVEMBER);
      await insert(sites(3, 5));
      expect(await store.factPeriods()).toEqual([NOVEMBER]);
      await store.destroyFacts(NOVEMBER);
      expect(await store.factPeriods()).toEqual([]);
    });

    test(`what was frozen is seen by nobody until it is shown, and is the last snapshot then (${adapter})`, async () => {
      await insert(sites(0, 9));
      const guarded = await taken({ guard: 'guarded' });
      await insert(sites(9, 11));
      const frozen = await store.freeze(freezing());
      expect(await store.snapshots()).toEqual([guarded]);
      await store.showFinal(freezing(), frozen);
      const final = { period: NOVEMBER, id: frozen, takenAt: NOON + 2, provisional: false, catalogue: 'c2', sites: 11 };
      expect(await store.snapshots()).toEqual([final]);
      await store.showFinal(freezing(), frozen);
      expect(await store.snapshots()).toEqual([final]);
      expect(await shownCells(store, final)).not.toEqual(await shownCells(store, guarded));
      await insert(sites(11, 30));
      expect(await store.takeSnapshot(order({ takenAt: NOON + 3 * MINUTE_MS }))).toBeNull();
      expect(await store.snapshots()).toEqual([final]);
    });

    test(`the cells of a frozen snapshot are exact, at or over the threshold, and come in one order (${adapter})`, async () => {
      await insert(sites(0, 9, [phone('Yealink', 'SIP-T46S', 60), phone('Snom', 'D785', 2)]));
      await insert(sites(20, 24, [phone('Rare', 'One', 1)]));
      const [one, two] = [await store.freeze(freezing()), await store.freeze(freezing())];
      const rows = await store.frozenRows(NOVEMBER, one);
      expect(await store.frozenRows(NOVEMBER, two)).toEqual(rows);
      expect(one).not.toBe(two);
      expect(rows.every((row) => row.sites >= THRESHOLD)).toBe(true);
      expect(rows.find(({ model }) => model === 'SIP-T46S')).toEqual({
        ...{ view: 'model', platform: '', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
        ...{ sites: 9, devices: 540 },
      });
      expect(rows.find(({ view }) => view === 'site')).toMatchObject({ sites: 13 });
    });

    test(`a period without facts is not frozen, one in which everybody withdrew is (${adapter})`, async () => {
      await expect(store.freeze(freezing())).rejects.toMatchObject({ code: 'no-facts', retryable: false });
      const all = sites(0, 9);
      await insert([...all, ...all.map((said) => ({ ...said, sequence: 2, withdraw: true }))]);
      expect(await store.frozenRows(NOVEMBER, await store.freeze(freezing()))).toEqual([]);
    });

    test(`the store has a time of its own (${adapter})`, async () => {
      expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(60_000);
    });

    test(`every other snapshot of the period is dropped, and none of another period (${adapter})`, async () => {
      await insert(sites(0, 9));
      await insert(sites(0, 9), OCTOBER);
      await taken();
      const october = await taken({ period: OCTOBER });
      const [kept] = [await store.freeze(freezing()), await store.freeze(freezing())];
      await store.showFinal(freezing(), kept as number);
      await store.keepOnly(NOVEMBER, kept as number);
      await store.keepOnly(NOVEMBER, kept as number);
      const left = await rowsOf('SELECT DISTINCT period, snapshot FROM cube ORDER BY period');
      expect(left).toEqual([
        { period: 202610, snapshot: october.id },
        { period: 202611, snapshot: kept },
      ]);
      expect((await store.snapshots()).map(({ id }) => id)).toEqual([october.id, kept]);
    });

    test(`no byte of a dropped period's names is left in the directory (${adapter})`, async ({ skip }) => {
      const place = directory();
      if (place === null) return skip('the data directory of a server elsewhere cannot be looked at');
      const [secret, late] = [canary(), canary()];
      const words = (name: string) => sites(0, 3, [phone('Snom', name)]);
      await insert(words(secret));
      await insert(fleet());
      expect(textsInFiles(place, piecesOf(secret))).not.toEqual([]);
      // Held back, so no cube may hold it either.
      await taken();
      await store.destroyFacts(NOVEMBER);
      expect(textsInFiles(place, piecesOf(secret))).toEqual([]);
      await insert(words(late));
      expect(textsInFiles(place, piecesOf(late))).not.toEqual([]);
      await store.destroyFacts(NOVEMBER);
      expect(textsInFiles(place, [...piecesOf(secret), ...piecesOf(late)])).toEqual([]);
    });

    test(`many callers at once are all served (${adapter})`, async () => {
      await insert(fleet());
      const snapshot = await taken();
      const calls = Array.from({ length: 24 }, (_, i) =>
        i % 3 === 0 ? insert(sites(200 + i, 201 + i)) : store.counts(query(snapshot, { view: VIEWS[i % 7]! })),
      );
      await Promise.all([...calls, store.check(), store.snapshots(), store.factPeriods()]);
      expect((await taken({ takenAt: NOON + 1 })).sites).toBe(68);
    });

    test(`whoever holds a store cannot close what others use: only the server behind them can be (${adapter})`, async () => {
      const { server, ...stores } = storeOver(clients);
      for (const [name, one] of Object.entries(stores)) expect(Object.keys(one), name).not.toContain('close');
      expect(Object.keys(server)).toContain('close');
    });

    test(`a store that works says so, and one that was closed answers nothing more (${adapter})`, async () => {
      await store.check();
      const other = thrown.watch(countStoreOver(await open()));
      await other.check();
      await other.close();
      const closed = { code: 'closed', retryable: true };
      for (const call of [() => other.check(), () => other.snapshots(), () => other.takeSnapshot(order())])
        await expect(call()).rejects.toMatchObject(closed);
      await store.check();
    });
  });
}
