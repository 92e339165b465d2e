import { readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { periodAt, periodNumber } from '../../services/core/period.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { SOON } from '../support/patience.ts';
import { type RollcallProcess, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };
const THIS_MONTH = periodAt(Date.now());

const postSites = (url: string, sites: number) =>
  Promise.all(Array.from({ length: sites }, () => post(url, reportOf())));

const sitesOf = async (url: string) =>
  (await get<Counts>(url, `/v1/counts?view=site&period=${THIS_MONTH}`)).rows[0]?.sites;

const counted = (url: string, sites: number) =>
  eventually(
    () => sitesOf(url),
    (seen) => seen === sites,
  );

/** What readiness and the metrics say when the jobs of counting fail for this reason. */
async function expectTold({ url, metricsUrl, output }: RollcallProcess, code: string): Promise<void> {
  // On a busy machine something else may not be ready for a moment.
  await vi.waitFor(async () => {
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ failed: [{ name: 'jobs', failure: 'job-failing' }] });
  }, SOON);
  const failed = new RegExp(`rollcall_job_failures_total\\{job="snapshot",code="${code}"\\} [1-9]`);
  const metrics = await eventually(
    async () => (await fetch(metricsUrl)).text(),
    (text) => failed.test(text),
  );
  expect(metrics).toMatch(/^rollcall_snapshot_age_seconds \d/m);
  await expect.poll(output).toMatch(new RegExp(`"job":"snapshot".*"code":"${code}".*"msg":"job failed"`));
}

/** The largest part of the month's facts. */
function partOf(directory: string): string {
  const table = realpathSync(join(directory, 'store', 'data', 'default', `facts_${periodNumber(THIS_MONTH)}`));
  const parts = readdirSync(table).filter((name) => /^[0-9]{6}_/.test(name));
  const bytes = (part: string) => statSync(join(part, 'data.bin')).size;
  return parts.map((name) => join(table, name)).sort((a, b) => bytes(b) - bytes(a))[0] as string;
}

test('facts that the store lost or cannot read are told, never counted as fewer, and let go of only by an operator', async () => {
  const directory = temporaryDirectory();
  const first = await startRollcall(directory, SETTINGS);
  await postSites(first.url, 60);
  await counted(first.url, 60);
  await first.end('SIGTERM');

  const part = partOf(directory);
  const data = join(part, 'data.bin');
  const whole = readFileSync(data);
  writeFileSync(data, Buffer.concat([whole.subarray(0, 60), Buffer.from([whole[60]! ^ 0xff]), whole.subarray(61)]));
  const flipped = await startRollcall(directory, SETTINGS);
  await postSites(flipped.url, 5);
  await expectTold(flipped, 'store-damaged');
  expect(await sitesOf(flipped.url)).toBe(60);
  await flipped.end('SIGTERM');
  writeFileSync(data, whole);

  const mended = await startRollcall(directory, SETTINGS);
  await counted(mended.url, 65);
  await mended.end('SIGTERM');
  const now = partOf(directory);
  renameSync(join(now, 'columns.txt'), join(directory, 'columns.txt'));
  const halved = await startRollcall(directory, SETTINGS);
  await expectTold(halved, 'facts-missing');
  expect(await sitesOf(halved.url)).toBe(65);
  await halved.end('SIGTERM');

  const said = await runCommand(['accept-loss', '--period', THIS_MONTH], { ROLLCALL_DATA_DIR: directory });
  expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('parts were dropped') });
  const goesOn = await startRollcall(directory, SETTINGS);
  await postSites(goesOn.url, 7);
  await counted(goesOn.url, 7);
  await eventually(
    () => fetch(`${goesOn.url}/readyz`),
    ({ status }) => status === 200,
  );
});
