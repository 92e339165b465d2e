import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };

test('the doctor asks the server that runs here, reads every part when none does, and finds the byte that was flipped', async () => {
  const directory = temporaryDirectory();
  const server = await startRollcall(directory, SETTINGS);
  for (let site = 0; site < 6; site++) expect((await post(server.url, reportOf())).status).toBe(202);
  await eventually(
    () => get<Counts>(server.url, '/v1/counts'),
    (seen) => seen.total.sites === 6,
  );
  const env = {
    ...SETTINGS,
    ROLLCALL_DATA_DIR: directory,
    PORT: new URL(server.url).port,
    ROLLCALL_METRICS_PORT: new URL(server.metricsUrl).port,
  };
  const beside = await runCommand(['doctor'], env);
  expect(beside.stdout).toMatch(/^ok {3}readiness: ready$/m);
  expect(beside.stdout).toMatch(/^- {4}store: the server has it/m);
  expect(beside.code).toBe(0);

  await server.end('SIGTERM');
  const alone = await runCommand(['doctor'], env);
  expect(alone.stdout).toMatch(/^ok {3}parts of the store: each holds/m);
  expect(alone.stdout).toMatch(/^ok {3}log: answers$/m);
  expect(alone.stdout).toMatch(/^ok {3}tables: engine .*, tables of migration \d+; this version has \d+$/m);
  expect(alone.code).toBe(0);

  flipByteIn(join(directory, 'store', 'store'));
  const damaged = await runCommand(['doctor', '--json'], env);
  const { well, findings } = JSON.parse(damaged.stdout) as { well: boolean; findings: Finding[] };
  expect(findings.filter(({ state }) => state === 'bad')).toEqual([
    expect.objectContaining({ what: expect.stringMatching(/^parts of facts_\d{6}$/), seen: '1 damaged' }),
  ]);
  expect([damaged.code, well]).toEqual([1, false]);
  expect(damaged.stdout + damaged.stderr).not.toContain('SIP-T46S');
});

interface Finding {
  readonly what: string;
  readonly state: string;
  readonly seen: string;
}

/** In the middle of the data of a fact's part: the table of facts is the one with a column `version` and no `lane`. */
function flipByteIn(store: string): void {
  const parts = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((path) => /\/data\.bin$/.test(path));
  const facts = parts.filter((path) => {
    const columns = readFileSync(join(store, path, '..', 'columns.txt'), 'latin1');
    return columns.includes('`version`') && columns.includes('`count`') && !columns.includes('`lane`');
  });
  const [path] = facts.sort((a, b) => statSync(join(store, b)).size - statSync(join(store, a)).size);
  const file = join(store, path as string);
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 0xff;
  writeFileSync(file, bytes);
}
