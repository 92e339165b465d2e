import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, start, startWhole, type Whole } from '../../services/compose/start.ts';
import { closableFrom, parsePeriod } from '../../services/core/period.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { silentLog } from '../../services/shared/log.ts';
import { startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { eventually, post, reportOf } from '../support/client.ts';
import {
  type Ask,
  askingAs,
  type CountsOfView,
  type InstallationState,
  type ReleaseState,
  readCounts,
  readInstallation,
  readReleaseFile,
  toldToday,
} from '../support/installation-state.ts';
import { MAIN, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

// Data directories that earlier builds made (test/support/make-installation.ts), opened by this one. They are compared
// by what the API says, so that tables may change; the builds that made them are gone, so they are never made anew.
const FIXTURES = ['installation-0.1.0'];

interface Expected {
  readonly writtenBy: string;
  readonly openAt: string;
  readonly openPeriod: string;
  readonly keys: Readonly<Record<'reader' | 'yealink' | 'gone', string>>;
  readonly stored: InstallationState;
  /** Counts of the open period when the blocks that wait in the log are in. */
  readonly drained: readonly CountsOfView[];
}

const run = promisify(execFile);
const fixture = (name: string, file: string) => fileURLToPath(new URL(`../fixtures/${name}/${file}`, import.meta.url));
const expectedOf = (name: string): Expected => {
  const said = JSON.parse(readFileSync(fixture(name, 'expected.json'), 'utf8')) as Expected;
  const stored = { ...said.stored, counts: said.stored.counts.map(toldToday) };
  return { ...said, stored, drained: said.drained.map(toldToday) };
};
const markerIn = (directory: string) => join(directory, 'installation.json');

function unpack(name: string, directory: string): string {
  execFileSync('tar', ['-xzf', fixture(name, 'data.tar.gz'), '-C', directory]);
  return directory;
}

describe.each(FIXTURES)('the data of %s', (name) => {
  const expected = expectedOf(name);
  const { stored, drained, openPeriod, keys } = expected;
  const clock = new SetClock(Date.parse(expected.openAt));
  const scratch = mkdtempSync(join(tmpdir(), 'rollcall-upgrade-'));
  const directory = join(scratch, 'data');
  let running: Running | undefined;
  let whole: Whole;
  let adminKey: string;
  let ask: Ask;

  let url: string;

  const settings = { PORT: '0', ROLLCALL_DATA_DIR: directory, ROLLCALL_PROVISIONAL: 'exact' };
  const environment = { config: loadConfig(settings), clock, journal: silentLog };
  const serving = (opened: Running) => {
    running = opened;
    url = opened.url;
    ask = askingAs(url, adminKey);
  };
  const rollcall = (...args: string[]) =>
    run(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ROLLCALL_ADMIN_KEY: adminKey } });
  const count = async (views: readonly string[]) => {
    await whole.drain();
    await whole.snapshot();
    return Promise.all(views.map((view) => readCounts(ask, openPeriod, view)));
  };
  /** As their parties would, with the key that was published when the fixture was made. */
  const verify = async (releases: readonly ReleaseState[]) => {
    const folders: string[] = [];
    for (const release of releases) {
      const folder = join(scratch, release.period, release.party, String(release.revision));
      mkdirSync(folder, { recursive: true });
      for (const file of Object.keys(release.files))
        writeFileSync(join(folder, file), await readReleaseFile(ask, release, file));
      folders.push(folder);
    }
    const key = join(scratch, 'published.pem');
    writeFileSync(key, stored.signingKey.pem);
    const { stdout } = await rollcall('verify', ...folders, '--key', key, '--json');
    const verdicts = stdout.trim().split('\n');
    return verdicts.map((line) => (JSON.parse(line) as { ok: boolean }).ok);
  };
  const readAll = () =>
    readInstallation(
      ask,
      [...new Set(stored.counts.map(({ period }) => period))],
      [...new Set(stored.counts.map(({ view }) => view))],
    );

  beforeAll(async () => {
    mkdirSync(directory);
    unpack(name, directory);
    adminKey = readFileSync(join(directory, 'admin-key'), 'utf8').trim();
    serving(await start(['api'], environment));
  });
  afterAll(async () => {
    await running?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  describe('as it lies there', () => {
    let found: InstallationState;
    beforeAll(async () => {
      found = await readAll();
    });

    test('has the months and every count of each, open and closed', () => {
      expect(found.periods).toEqual(stored.periods);
      expect(stored.counts.length).toBeGreaterThan(0);
      expect(found.counts).toEqual(stored.counts);
    });

    test('has its releases, byte for byte, and their signatures hold', async () => {
      expect(found.signingKey).toEqual(stored.signingKey);
      expect(found.releases).toEqual(stored.releases);
      expect(stored.releases.some(({ revision }) => revision > 0)).toBe(true);
      expect(await verify(stored.releases)).toEqual(stored.releases.map(() => true));
    });

    test('has its agreements, its ledger, its held numbers and decisions, and its mappings', () => {
      const { agreements, ledger, held, mappings } = stored;
      expect(found).toMatchObject({ agreements, ledger, held, mappings });
    });

    test('knows its keys: each may what it might, and a revoked one nothing', async () => {
      expect(found.keys).toEqual(stored.keys);
      await expect(askingAs(url, keys.reader)('/v1/counts')).resolves.toMatchObject({ period: openPeriod });
      await expect(askingAs(url, keys.reader)('/v1/keys')).rejects.toThrow('403');
      await expect(askingAs(url, keys.gone)('/v1/counts')).rejects.toThrow('401');
      const { releases } = await askingAs(url, keys.yealink)<{ releases: ReleaseState[] }>('/v1/releases');
      expect(new Set(releases.map(({ party }) => party))).toEqual(new Set(['Yealink']));
    });

    test('has its audit whole, up to the entry that was the newest', async () => {
      const head = `${stored.audit.seq}:${stored.audit.hash}`;
      const { stdout } = await rollcall('audit', 'verify', '--head', head, '--url', url);
      expect(stdout).toBe(`whole: ${stored.audit.seq} entries, head ${head}\n`);
    });
  });

  describe('when it goes on', () => {
    const ofView = (counts: readonly CountsOfView[], wanted: string) =>
      counts.find(({ period, view }) => period === openPeriod && view === wanted) as CountsOfView;
    beforeAll(async () => {
      await running?.close();
      whole = await startWhole(environment);
      serving(whole);
    });

    test('counts what still waited in its log', async () => {
      expect(await count(drained.map(({ view }) => view))).toEqual(drained);
      expect(ofView(drained, 'site').sites).toBeGreaterThan(ofView(stored.counts, 'site').sites ?? 0);
    });

    test('counts a new report beside the old ones, by the mappings that curators made', async () => {
      const before = ofView(drained, 'model').cells.find((cell) => cell.includes('|Acme|Phone 1|')) ?? '';
      const [sites, devices] = before.split('|').slice(-2).map(Number) as [number, number];
      const line = { category: 'phone', vendor: 'Acme', model: 'Phone-1', count: 5 } as const;
      const report = reportOf({ period: parsePeriod(openPeriod), devices: [line] });
      expect((await post(url, report)).status).toBe(202);
      const [site, model] = await count(['site', 'model']);
      expect(site?.sites).toBe((ofView(drained, 'site').sites ?? 0) + 1);
      expect(model?.cells).toContain(`|phone|Acme|Phone 1|${sites + 1}|${devices + 5}`);
    });

    test('publishes no number that an earlier version held: its numbers were noised otherwise, and that is said', async () => {
      const held = await ask<{ period: string; cells: InstallationState['held'] }>('/v1/held');
      const undecided = held.cells.filter(({ decision }) => decision === null);
      expect(undecided.length).toBeGreaterThan(0);
      for (const { cell } of undecided)
        await expect(
          ask('/v1/held/decisions', 'POST', { period: held.period, cell, decision: 'approve' }),
        ).rejects.toThrow('earlier-method');
    });

    test('closes its open month and releases it, signed with the same key', async () => {
      clock.moveTo(closableFrom(parsePeriod(openPeriod)));
      await ask(`/v1/periods/${openPeriod}/close`, 'POST');
      await eventually(
        () => ask<{ periods: InstallationState['periods'] }>('/v1/periods'),
        ({ periods }) => periods.some(({ period, state }) => period === openPeriod && state === 'released'),
      );
      const releases = (await readAll()).releases.filter(({ period }) => period === openPeriod);
      expect(releases.map(({ party }) => party).sort()).toEqual(stored.agreements.map(({ party }) => party).sort());
      expect(await verify(releases)).toEqual(releases.map(() => true));
    });

    test('is marked with the format that it has now', () => {
      expect(JSON.parse(readFileSync(markerIn(directory), 'utf8'))).toEqual({
        format: expect.any(Number),
        writtenBy: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
    });
  });
});

describe('a build that is older than its data', () => {
  const [oldest] = FIXTURES as [string];
  const SENTENCE =
    /data-from-newer-version A newer version of Rollcall wrote this data: start that version again, or put back a copy from before its upgrade\. /;

  test('refuses a data directory of a later format, in a sentence that says who wrote it, and changes nothing', async () => {
    const directory = unpack(oldest, temporaryDirectory());
    const marker = JSON.stringify({ format: 999, writtenBy: '9.8.7', more: ['that it does not know'] });
    writeFileSync(markerIn(directory), marker);
    const started = startRollcall(directory);
    await expect(started).rejects.toThrow(SENTENCE);
    await expect(started).rejects.toThrow(/\(writtenBy 9\.8\.7, format 999, known \d+\)/);
    expect(readFileSync(markerIn(directory), 'utf8')).toBe(marker);
    await expect(startRollcall(directory, {}, 'ingest')).rejects.toThrow(SENTENCE);
  });

  test('refuses a store with a migration that it does not know, over HTTP and in the process', async () => {
    const directory = unpack(oldest, temporaryDirectory());
    const server = await startClickHouseHttp({ directory: join(directory, 'store') });
    try {
      const url = `${server.url}/default`;
      await runSql(url, "ALTER TABLE migrations ADD COLUMN IF NOT EXISTS written_by String DEFAULT '0.1.0'");
      await runSql(url, "INSERT INTO migrations (version, written_by) VALUES (998, '9.8.6'), (999, '9.8.7')");
      const settings = { PATH: process.env.PATH, ROLLCALL_STORE_URL: url };
      const migrated = run(process.execPath, [MAIN, 'migrate'], { env: settings });
      await expect(migrated).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(SENTENCE) });
    } finally {
      await server.stop();
    }
    const started = startRollcall(directory);
    await expect(started).rejects.toThrow(SENTENCE);
    await expect(started).rejects.toThrow(/\(writtenBy 9\.8\.7, migration 999, known \d+\)/);
  });

  test('refuses a directory whose marker cannot be read', async () => {
    const directory = temporaryDirectory();
    for (const text of ['', '{"format":"1"}', '{"format":0,"writtenBy":"0.1.0"}']) {
      writeFileSync(markerIn(directory), text);
      await expect(startRollcall(directory)).rejects.toThrow('data-format-unreadable');
    }
  });
});

async function runSql(url: string, sql: string): Promise<void> {
  const { origin, username, password, pathname } = new URL(url);
  const credentials = Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64');
  const response = await fetch(`${origin}/?database=${pathname.slice(1)}`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: sql,
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}
