import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { eventually } from '../support/client.ts';
import {
  askingAs,
  type CountsOfView,
  type InstallationState,
  readCounts,
  readInstallation,
  toldToday,
} from '../support/installation-state.ts';
import { MAIN, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';

// An embedded installation that an earlier version made becomes one on a store server: two months closed and released, a
// third open, blocks of it still in the log.
const FIXTURE = fileURLToPath(new URL('../fixtures/installation-0.1.0/', import.meta.url));
const expected = JSON.parse(readFileSync(join(FIXTURE, 'expected.json'), 'utf8')) as {
  readonly openPeriod: string;
  readonly stored: InstallationState;
  readonly drained: readonly CountsOfView[];
};
const { stored, openPeriod } = expected;
const drained = expected.drained.map(toldToday);

test('an embedded installation goes to a store server whole: closed counts, releases, keys, audit, ledger, and open facts by a pipe', async () => {
  const [from, to] = [temporaryDirectory(), temporaryDirectory()];
  execFileSync('tar', ['-xzf', join(FIXTURE, 'data.tar.gz'), '-C', from]);
  const server = await startClickHouseHttp();
  onTestFinished(() => server.stop());
  const source = { ROLLCALL_DATA_DIR: from };
  const target = {
    ROLLCALL_DATA_DIR: to,
    ROLLCALL_STORE_URL: `${server.url}/carried`,
    ROLLCALL_LOG_URL: `lmdb:${join(to, 'log')}`,
  };

  const file = join(to, 'facts');
  const refused = await exportInto(file, source, '--open-facts');
  expect([refused, readFileSync(file, 'utf8')]).toEqual([2, '']);

  const closed = await runCommand(['export'], source);
  expect(closed.code).toBe(0);
  expect(closed.stderr).toContain(`The facts of ${openPeriod} stay here`);
  expect(closed.stdout).not.toMatch(/"facts":|noise_keys|sessions/);
  const cut = await runCommand(['import'], target, closed.stdout.slice(0, -40));
  expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('export-malformed')]);

  const [exported, imported] = await piped(['export', '--open-facts'], source, ['import'], target);
  expect([exported?.code, imported?.code, imported?.stderr]).toEqual([
    0,
    0,
    expect.stringContaining(`facts of ${openPeriod}: `),
  ]);
  const again = await runCommand(['import'], target, closed.stdout.slice(0, 200));
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('store-not-empty')]);

  cpSync(join(from, 'signing-key.pem'), join(to, 'signing-key.pem'));
  const settings = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_METRICS_PORT: '0' };
  const { url } = await startRollcall(to, { ...target, ...settings });
  const admin = askingAs(url, 'rc_admin_for_tests_only_0123456789');
  const periods = [...new Set(stored.counts.map(({ period }) => period))].filter((period) => period !== openPeriod);
  const views = [...new Set(stored.counts.map(({ view }) => view))];
  const found = await readInstallation(admin, periods, views);
  const { counts, releases, agreements, ledger, held, mappings, keys, audit, signingKey } = stored;
  expect(found.counts).toEqual(counts.filter(({ period }) => period !== openPeriod).map(toldToday));
  expect({ ...found, counts: 0, periods: 0 }).toMatchObject({
    releases,
    agreements,
    ledger,
    held,
    mappings,
    keys,
    audit,
    signingKey,
  });
  await eventually(
    () => Promise.all(drained.map(({ view }) => readCounts(admin, openPeriod, view))),
    (now) => JSON.stringify(now) === JSON.stringify(drained),
  );
});

async function exportInto(path: string, env: NodeJS.ProcessEnv, ...more: string[]): Promise<number | null> {
  writeFileSync(path, '');
  const out = openSync(path, 'w');
  const child = spawn(process.execPath, [MAIN, 'export', ...more], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', out, 'ignore'],
  });
  const [code] = await once(child, 'exit');
  closeSync(out);
  return code as number | null;
}

/** Two commands, the first one's output into the second. */
async function piped(first: string[], firstEnv: NodeJS.ProcessEnv, second: string[], secondEnv: NodeJS.ProcessEnv) {
  const start = (args: string[], env: NodeJS.ProcessEnv) =>
    spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  const [left, right] = [start(first, firstEnv), start(second, secondEnv)];
  left.stdout.pipe(right.stdin);
  return Promise.all(
    [left, right].map(async (child) => {
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const [code] = await once(child, 'close');
      return { code: code as number | null, stderr };
    }),
  );
}
