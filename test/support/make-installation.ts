import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VIEWS } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Report, ReportLine } from '../../schemas/report.ts';
import { postInOrder } from '../../services/cli/demo/post-in-order.ts';
import type { Environment } from '../../services/compose/environment.ts';
import { type Running, start, startWhole, type Whole } from '../../services/compose/start.ts';
import { closableFrom, parsePeriod, periodStart } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { pause, SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { silentLog } from '../../services/shared/log.ts';
import { packageVersion } from '../../services/shared/package-root.ts';
import { type Delivery, simulate } from '../../services/simulator/simulate.ts';
import { type Ask, askingAs, readCounts, readInstallation } from './installation-state.ts';

// Makes the data directory that later builds must open (test/e2e/upgrade.test.ts), of the product as it is now:
//
//   npm run build:tools && node dist/test/support/make-installation.js test/fixtures/installation-VERSION
//
// Two months are closed and released, the second with numbers that were held; the third is open and some of its blocks
// are still in the log. It writes data.tar.gz and expected.json: what the API says of it. Noise and keys are drawn
// anew, so no two runs give the same bytes. One for each format of the data: those of earlier builds are never remade.

const [SEPTEMBER, OCTOBER, NOVEMBER] = ['2026-09', '2026-10', '2026-11'].map(parsePeriod) as [Period, Period, Period];
const OPEN_UNTIL = Date.parse('2026-11-06T12:00:00Z');
const SITES = 1_700;
/** One in this many sites reports in the open month: its facts are most of the fixture's size. */
const OPEN_PART = 4;

const clock = new SetClock(periodStart(SEPTEMBER));

/** Exact: what a few more sites change is seen at once. No limit: a fleet posts from one address, by a clock that stands. */
function environmentIn(directory: string): Environment {
  const settings = { ROLLCALL_DATA_DIR: directory, ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_REPORTS_PER_MINUTE: '0' };
  return { config: loadConfig({ PORT: '0', ...settings }), clock, journal: silentLog };
}

const adminOf = ({ url }: Running, directory: string): Ask =>
  askingAs(url, readFileSync(join(directory, 'admin-key'), 'utf8').trim());

async function make(target: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'rollcall-installation-'));
  const directory = join(scratch, 'data');
  try {
    const keys = await liveThrough(directory);
    const stored = await withRunning(
      directory,
      (environment) => start(['api'], environment),
      (_, ask) => readInstallation(ask, [SEPTEMBER, OCTOBER, NOVEMBER], VIEWS),
    );
    const copy = join(scratch, 'copy');
    cpSync(directory, copy, { recursive: true, verbatimSymlinks: true });
    const drained = await withRunning(copy, startWhole, async (running, ask) => {
      await count(running);
      return Promise.all(VIEWS.map((view) => readCounts(ask, NOVEMBER, view)));
    });
    const about = { writtenBy: packageVersion(), openAt: new Date(OPEN_UNTIL).toISOString(), openPeriod: NOVEMBER };
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'expected.json'), `${JSON.stringify({ ...about, keys, stored, drained }, null, 1)}\n`);
    pack(directory, join(target, 'data.tar.gz'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function withRunning<R extends Running, T>(
  directory: string,
  open: (environment: Environment) => Promise<R>,
  use: (running: R, ask: Ask) => Promise<T>,
): Promise<T> {
  const running = await open(environmentIn(directory));
  try {
    return await use(running, adminOf(running, directory));
  } finally {
    await running.close();
  }
}

/** Resolves to the keys that were made, by whose they are. */
async function liveThrough(directory: string): Promise<Record<string, string>> {
  const catalog = loadCatalog();
  const identifier = (period: Period) => buildIdentifier(catalog, period);
  const [september = [], october = [], november = []] = [
    ...simulate({ sites: SITES, months: 3, seed: 26, firstPeriod: SEPTEMBER, identifier }),
  ].map(({ deliveries }) => deliveries.filter(({ body }) => isKept(body)));
  const opened = november.filter(({ atMs }) => atMs < OPEN_UNTIL);
  const [counted, waiting] = [opened.slice(0, -12), opened.slice(-12)];
  const keys = await withRunning(directory, startWhole, async (running, ask) => {
    const made = await setUp(ask);
    await post(running, september);
    await close(SEPTEMBER, running, ask);
    await ask('/v1/catalog/mappings', 'POST', mapping('Phone-1', 'Phone 1'));
    await post(running, october);
    await post(running, madeUp(OCTOBER, 400, FLOOD, october));
    await close(OCTOBER, running, ask);
    await decideOne(ask);
    await post(running, counted);
    await post(running, madeUp(NOVEMBER, 30, NEW_MAKER, november));
    await ask('/v1/catalog/mappings', 'POST', mapping('Phone-2', 'Phone 2'));
    await count(running);
    // What a close destroyed is gone from the disk within seconds.
    await pause(20_000);
    return made;
  });
  // Nobody moves these from the log to the facts.
  const ingest = await start(['ingest'], environmentIn(directory));
  await post(ingest, waiting);
  await ingest.close();
  clock.moveTo(OPEN_UNTIL);
  return keys;
}

const isKept = ({ period, token }: Report) => period !== NOVEMBER || (digest(token)[0] as number) % OPEN_PART === 0;
const digest = (text: string) => createHash('sha256').update(text).digest();

async function setUp(ask: Ask): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  const scopes = { reader: ['reader', 'curator'], releaser: ['releaser'], yealink: ['manufacturer:Yealink'] };
  for (const [owner, wanted] of Object.entries({ ...scopes, gone: ['reader'] })) {
    const { id, key } = await ask<{ id: string; key: string }>('/v1/keys', 'POST', { owner, scopes: wanted });
    made[owner] = key;
    if (owner === 'gone') await revoke(ask, id);
  }
  for (const [party, platforms] of [
    ['Yealink', []],
    ['Sangoma', ['FreePBX']],
  ] as const)
    await ask('/v1/agreements', 'POST', {
      ...{ party, vendors: [party], lineage: true, platforms, contact: 'fixture', delivery: { kind: 'download' } },
    });
  return made;
}

const revoke = (ask: Ask, id: string) => ask(`/v1/keys/${id}`, 'DELETE');

async function post(running: Running, deliveries: readonly Delivery[]): Promise<void> {
  // A close may have moved the clock past the first of them.
  const due = deliveries.map(({ atMs, body }) => ({ atMs: Math.max(atMs, clock.now()), body }));
  await postInOrder(running.url, due, clock, () => {});
  say(`${deliveries.length} reports`);
}

const say = (text: string) => void process.stderr.write(`${text}\n`);

async function count(running: Whole): Promise<void> {
  await running.drain();
  await running.snapshot();
}

async function close(period: Period, running: Whole, ask: Ask): Promise<void> {
  await count(running);
  clock.moveTo(Math.max(clock.now(), closableFrom(period)));
  await ask(`/v1/periods/${period}/close`, 'POST');
  for (let state = ''; state !== 'released'; await pause(100)) {
    const { periods } = await ask<{ periods: { period: string; state: string }[] }>('/v1/periods');
    state = periods.find((one) => one.period === period)?.state ?? '';
  }
  say(`${period} is closed`);
}

/** What so many sites say, now, that report nothing else; on the platforms of others, so that none of these jumps. */
function madeUp(period: Period, sites: number, devices: ReportLine[], others: readonly Delivery[]): Delivery[] {
  return Array.from({ length: sites }, (_, site) => {
    const token = digest(`${period} ${site}`).toString('base64url');
    const platform = others[site]?.body.platform ?? { name: 'FreePBX', version: '17' };
    const body: Report = { schema: 'rollcall.report/1', period, token, sequence: 1, platform, devices };
    return { atMs: clock.now(), body };
  });
}

const phone = (vendor: string, model: string, count: number): ReportLine => ({
  category: 'phone',
  vendor,
  model,
  count,
});
/** So many more than the month before that their numbers are held. */
const FLOOD = [phone('Yealink', 'SIP-T58A', 3), phone('Yealink', 'SIP-T30P', 2)];
const NEW_MAKER = [phone('Acme', 'Phone-1', 2), phone('Acme', 'Phone-2', 1)];

const mapping = (model: string, to: string) => {
  const category = 'phone';
  return { category, vendor: 'Acme', model, to: { category, vendor: 'Acme', model: to }, newVendor: true };
};

/** Approves one number that is held, so that an amendment is made; the others stay undecided. */
async function decideOne(ask: Ask): Promise<void> {
  const { period, cells } = await ask<{ period: string; cells: { cell: { query: string; model: string } }[] }>(
    '/v1/held',
  );
  const held = cells.find(({ cell }) => cell.query === 'phone_model' && cell.model === 'SIP-T58A');
  if (!held || cells.length < 2) throw new Error(`${cells.length} numbers are held: ${JSON.stringify(cells)}`);
  await ask('/v1/held/decisions', 'POST', { period, cell: held.cell, decision: 'approve' });
  for (let amended = false; !amended; await pause(100)) {
    const { releases } = await ask<{ releases: { revision: number }[] }>('/v1/releases');
    amended = releases.some(({ revision }) => revision === 1);
  }
}

/** Without the names and times of this machine. */
function pack(directory: string, archive: string): void {
  const anonymous = [
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mtime=2026-11-06',
    '--sort=name',
    '--exclude=lock.mdb',
  ];
  execFileSync('tar', ['-I', 'gzip -9n', ...anonymous, '-cf', archive, '-C', directory, '.']);
}

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('say where to: test/fixtures/installation-VERSION');
await make(resolve(target));
