import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UnlistedAnswer } from '../../schemas/answers/catalog.ts';
import type { GrowthAnswer } from '../../schemas/answers/growth.ts';
import type { ReportLine } from '../../schemas/report.ts';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { startWhole, type Whole } from '../../services/compose/start.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { breakApart } from '../../services/ingest/break-apart.ts';
import { identifyLines } from '../../services/ingest/identify-lines.ts';
import { ingestOne } from '../../services/ingest/ingest-one.ts';
import { Mixer } from '../../services/ingest/mixer.ts';
import type { Block } from '../../services/ports/block.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import type { Log, LogFields } from '../../services/shared/log.ts';
import { isSealed, SealedNames } from '../../services/shared/sealed-names.ts';
import { type Counts, get, post, reportOf } from '../support/client.ts';
import { MUTATIONS } from '../support/identify/mutations.ts';
import { keysOf, sealedNames, TICKETS } from '../support/month-keys.ts';
import { ADMIN_KEY } from '../support/rollcall-process.ts';
import { textsInFiles } from '../support/scan-files.ts';

const PERIOD = parsePeriod('2026-11');
const HEADS = ['Bruk', 'Fenw', 'Gnad', 'Hjol', 'Krov', 'Plim', 'Quaz', 'Strev', 'Tworn', 'Vluk'];
const MIDDLES = ['abelt', 'ondri', 'uwick', 'ezmar', 'olfen'];
const TAILS = ['heimer', 'borough', 'strasse', 'owicz', 'ington', 'gasse', 'feld', 'quist', 'mann', 'ville'];
/** People, places and streets that nobody has: 500 words, each unlike anything in the product. */
const NAMES = HEADS.flatMap((a) => MIDDLES.flatMap((b) => TAILS.map((c) => a + b + c)));

/** Every place of a report that takes text, with a name in it. */
const PLACES: readonly ((name: string, i: number) => Omit<ReportLine, 'count'>)[] = [
  (name) => ({ category: 'phone', vendor: '', model: name }),
  (name, i) => ({ category: 'phone', vendor: name, model: `GX${i}` }),
  (name, i) => ({ category: 'phone', vendor: name, model: `${name}-${i}` }),
  (name) => ({ category: 'phone', vendor: 'Yealink', model: `${name} SIP-T46S` }),
  (name, i) => ({ category: 'phone', vendor: 'Yealink', model: `SIP-T${900 + i} ${name}` }),
  (name) => ({ category: 'phone', vendor: '', model: `${name} Grandstream GXP1610 1.0.4` }),
  (name, i) => ({ category: 'dect', vendor: 'Gigaset', model: `${name}|${i}-b|ext 4711` }),
  (name, i) => ({ category: 'board', vendor: '', model: `X${i}SECRET-${name}` }),
  (name, i) => ({ category: 'board', vendor: 'ASUS', model: `${name} ${i}` }),
  (name) => ({ category: 'pci', vendor: '', model: `02:00.0 0280: 1234:5678 ${name}` }),
  (name) => ({ category: 'cpu', vendor: 'Intel', model: `Xeon ${name}` }),
  (name) => ({ category: 'softphone', vendor: name, model: name }),
];

function* lines(): Generator<ReportLine> {
  for (const [i, name] of NAMES.entries())
    for (const [p, place] of PLACES.entries()) {
      const line = place(name, i);
      const mutation = MUTATIONS[(i * 7 + p) % MUTATIONS.length]!;
      const changed = mutation.of(line.model, line.vendor);
      yield { ...line, count: 1 };
      yield { ...line, model: changed.slice(0, 256), count: 1 };
    }
}

const reports = [...chunks([...lines()], 400)].map((devices, i) =>
  reportOf({ period: PERIOD, token: `token-of-names-${String(i).padStart(10, '0')}`, devices }),
);
const platforms = NAMES.slice(0, 20).map((name, i) => ({
  ...reportOf({ period: PERIOD, token: `token-of-platform-${String(i).padStart(6, '0')}` }),
  platform: { name, version: '17' },
}));

function* chunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

const readable = (text: string) => NAMES.filter((name) => text.toLowerCase().includes(name.toLowerCase()));

const identifier = buildIdentifier(loadCatalog(), PERIOD);

/** What the log is given for all these reports: its blocks are what dead letters are made of too. */
async function blocksWith(seal: { seal: SealedNames['seal'] }): Promise<Block[]> {
  const blocks: Block[] = [];
  const log = { append: async (block: Block) => void blocks.push({ ...block, bytes: Buffer.from(block.bytes) }) };
  const mixer = new Mixer(log, { flushMs: 1, maxReports: 64, maxPending: 1_000 });
  const ofPeriod = { openPeriods: () => [PERIOD], identifierOf: () => identifier, capOf: () => FIRST_CAP };
  const deps = { ...ofPeriod, mixer, tickets: TICKETS, mostDevices: 1_000, sealOf: () => seal };
  await Promise.all([...reports, ...platforms].map((report) => ingestOne(Buffer.from(JSON.stringify(report)), deps)));
  return blocks;
}

const textOf = (blocks: readonly Block[]) => blocks.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('');
const clear = { seal: (vendor: string, model: string) => ({ vendor, model }) };

describe('500 invented names in every place of a report, in forty mutations', () => {
  test('none is readable in what the log is given, and so in no dead letter', async () => {
    expect(NAMES.length).toBe(500);
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(40);
    const text = textOf(await blocksWith(sealedNames(PERIOD)));
    expect(readable(text)).toEqual([]);
    const sealed = text.split('\n').filter((one) => one.includes('"unlisted"'));
    expect(sealed.length).toBeGreaterThan(500);
    for (const one of sealed) {
      const [, , , , vendor, model, , count] = JSON.parse(one) as string[];
      expect(isSealed({ vendor: vendor!, model: model! })).toBe(true);
      expect(Number(count)).toBe(1);
    }
  });

  test('without the seal they would be: the search bites', async () => {
    expect(readable(textOf(await blocksWith(clear))).length).toBeGreaterThan(100);
  });

  test('none is readable in a dead letter on the disk; unsealed they would be', async () => {
    for (const [seal, most] of [
      [sealedNames(PERIOD), 0],
      [clear, NAMES.length],
    ] as const) {
      const directory = mkdtempSync(join(tmpdir(), 'rollcall-lane-letters-'));
      const log = await openLmdbFactLog({ directory, maxBytes: 2 ** 26 });
      for (const block of await blocksWith(seal)) await log.deadLetter(block, 'rejected-by-store');
      await log.close();
      const found = textsInFiles(directory, NAMES).length;
      expect(found).toBeLessThanOrEqual(most);
      if (most > 0) expect(found).toBeGreaterThan(100);
      rmSync(directory, { recursive: true, force: true });
    }
  });

  // All 240,000 lines take half a minute of CPU: ROLLCALL_EVERY_NAME=1. Else each name is in each mutation, in two of the places.
  const every = process.env.ROLLCALL_EVERY_NAME ? 1 : PLACES.length / 2;

  test('each name in each mutation, and each mutation in each place: no fact has it in the clear', () => {
    const sealed = sealedNames(PERIOD);
    let [lines, shown] = [0, 0];
    for (const [i, name] of NAMES.entries()) {
      const devices = PLACES.filter((_, p) => (i + p) % every === 0).flatMap((place) => {
        const line = place(name, i);
        return MUTATIONS.map(({ of }) => ({ ...line, model: of(line.model, line.vendor).slice(0, 256), count: 1 }));
      });
      lines += devices.length;
      const facts = (seal: Pick<SealedNames, 'seal'>) => {
        const { models } = identifyLines(devices, { identifier, most: 1_000, seal });
        const site = { token: Buffer.alloc(32, i), period: PERIOD, sequence: 1, platform: 'FreePBX 17', models };
        return JSON.stringify(breakApart({ ...site, withdraw: false })).toLowerCase();
      };
      expect(facts(sealed)).not.toContain(name.toLowerCase());
      // A sample, for it costs as much again: the search bites.
      if (i % 20 === 0 && facts(clear).includes(name.toLowerCase())) shown++;
    }
    expect(lines).toBe((NAMES.length * PLACES.length * MUTATIONS.length) / every);
    expect(shown).toBeGreaterThan(3);
  });
});

describe('a sealed name', () => {
  const names = sealedNames(PERIOD);
  const sealed = names.seal('Acme', 'Phone-1')!;

  test('is the same for the same name, tells nothing of its length, and is opened by the month’s key alone', () => {
    expect(names.seal('Acme', 'Phone-1')).toEqual(sealed);
    expect(names.seal('Acme', 'P')!.model).toHaveLength(sealed.model.length);
    expect(names.open(sealed)).toEqual({ vendor: 'Acme', model: 'Phone-1' });
    expect(new SealedNames(keysOf('another').of(PERIOD)).open(sealed)).toBeUndefined();
    expect(sealedNames(parsePeriod('2026-12')).seal('Acme', 'Phone-1')).not.toEqual(sealed);
  });

  test('holds forty bytes, maker and model, and is opened no more when a character is another', () => {
    expect(names.open(names.seal('A'.repeat(19), 'B'.repeat(20))!)).toEqual({
      vendor: 'A'.repeat(19),
      model: 'B'.repeat(20),
    });
    expect(names.seal('A'.repeat(20), 'B'.repeat(20))).toBeUndefined();
    const all = sealed.vendor + sealed.model;
    for (let at = 0; at < all.length; at++) {
      const other = all.slice(0, at) + (all[at] === 'A' ? 'B' : 'A') + all.slice(at + 1);
      expect(names.open({ vendor: other.slice(0, 56), model: other.slice(56) })).toBeUndefined();
    }
  });
});

describe('an installation', () => {
  const clock = new SetClock(Date.parse('2026-11-15T12:00:00Z'));
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-lane-'));
  const keys = mkdtempSync(join(tmpdir(), 'rollcall-lane-keys-'));
  const config = loadConfig({
    PORT: '0',
    ROLLCALL_METRICS_PORT: '0',
    ROLLCALL_DATA_DIR: directory,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    ROLLCALL_PROVISIONAL: 'exact',
    ROLLCALL_MONTH_KEY_DIR: keys,
  });
  /** All that it says to whoever operates it. */
  const said: string[] = [];
  const write = (event: string, fields?: LogFields) => void said.push(JSON.stringify({ event, ...fields }));
  const journal: Log = { info: write, warn: write, error: write };
  let running: Whole;
  beforeAll(async () => {
    running = await startWhole({ config, clock, journal });
  });
  afterAll(async () => {
    await running.close();
    for (const one of [directory, keys]) rmSync(one, { recursive: true, force: true });
  });

  /** Wherever a request has room for a name and a report has none. */
  async function sayWhereNothingIsTaken(name: string): Promise<void> {
    const report = reportOf({ period: PERIOD });
    const bodies = [
      { ...report, site: name },
      { ...report, [name]: 1 },
      { ...report, token: name },
      { ...report, period: name },
      { ...report, devices: [{ category: name, vendor: 'Yealink', model: 'SIP-T46S', count: 1 }] },
      `{"token":"${name}`,
    ];
    for (const body of bodies)
      expect((await post(running.url, body, { 'user-agent': name, 'x-site': name, referer: name })).status).toBe(400);
    const devices = [{ category: 'memory', vendor: '', model: '16 GiB', count: 1 }];
    expect((await post(running.url, { ...report, devices, platform: { name, version: '17' } })).status).toBe(202);
    expect((await fetch(`${running.url}/v1/${name}?site=${name}`)).status).toBe(404);
  }

  async function sitesWith(from: number, to: number, model: string): Promise<void> {
    for (let site = from; site < to; site++) {
      const devices = [{ category: 'phone' as const, vendor: 'Zibblewort', model, count: 7 }];
      const token = `token-of-${model}-${String(site).padStart(14, '0')}`;
      expect((await post(running.url, reportOf({ period: PERIOD, token, devices }))).status).toBe(202);
    }
  }

  async function unlisted(): Promise<UnlistedAnswer['rows']> {
    clock.moveTo(clock.now() + 1_000);
    await running.drain();
    await running.snapshot();
    return (await get<UnlistedAnswer>(running.url, '/v1/catalog/unlisted')).rows;
  }

  test('opens a name that twenty sites have, over a restart, and never one of nineteen', async () => {
    for (const report of reports.slice(0, 3)) expect((await post(running.url, report)).status).toBe(202);
    for (const name of NAMES.slice(0, 40)) await sayWhereNothingIsTaken(name);
    await sitesWith(0, 19, 'ZW-1900');
    await sitesWith(0, 19, 'ZW-2000');
    expect(await unlisted()).toEqual([]);
    await running.close();
    running = await startWhole({ config, clock, journal });
    await sitesWith(19, 20, 'ZW-2000');
    const name = { category: 'phone', vendor: 'Zibblewort', model: 'ZW-2000' };
    expect(await unlisted()).toEqual([{ ...name, sites: 20, mappedTo: null }]);

    const to = { category: 'phone', vendor: 'Zibblewort', model: 'ZW 2000' };
    const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ ...name, to, newVendor: true });
    expect((await fetch(`${running.url}/v1/catalog/mappings`, { method: 'POST', headers, body })).status).toBe(201);
    expect(await unlisted()).toEqual([]);
    const { rows } = await get<Counts>(running.url, '/v1/counts?view=model&category=phone');
    expect(rows).toMatchObject([{ ...to, sites: 20 }]);
    // Snapshots note, with noise, how many sites there were when the day began.
    const { newSites } = await get<GrowthAnswer>(running.url, '/v1/growth');
    expect(newSites.soFar?.days).toBe(14);
    expect(Math.abs(newSites.soFar!.sites)).toBeLessThan(200);
  });

  test('has neither the 500 names nor that of nineteen sites in what it says, its metrics, its files, its tables or a copy of them; the key is elsewhere', async () => {
    const backup = mkdtempSync(join(tmpdir(), 'rollcall-lane-backup-'));
    const aloud = [...said, await running.metrics()].join('\n');
    expect(aloud).toContain('snapshot taken');
    expect(aloud).toContain('rollcall_lines_total');
    expect(readable(aloud)).toEqual([]);
    expect(aloud).not.toMatch(/ZW-|Zibblewort/i);
    await running.close();
    cpSync(directory, backup, { recursive: true, verbatimSymlinks: true });
    const texts = [...NAMES, 'ZW-1900'];
    for (const place of [directory, backup]) expect(textsInFiles(place, texts)).toEqual([]);
    expect(readdirSync(keys)).toEqual([`${PERIOD}.key`]);
    const key = readFileSync(join(keys, `${PERIOD}.key`)).toString('latin1');
    expect(textsInFiles(backup, [key])).toEqual([]);

    // The store compresses: what its tables say is looked through as well.
    const clients = await openEmbeddedClients(join(backup, 'store'));
    const tables = await clients.read.rows<{ name: string }>(
      'SELECT name FROM system.tables WHERE database = currentDatabase()',
    );
    let all = '';
    for (const { name } of tables) all += JSON.stringify(await clients.read.rows(`SELECT * FROM ${name}`));
    await clients.read.close();
    await clients.write.close();
    expect(readable(all)).toEqual([]);
    expect(all).not.toContain('ZW-1900');
    expect(all).toContain('ZW-2000');
    rmSync(backup, { recursive: true, force: true });
    running = await startWhole({ config, clock, journal });
  });
});
