import { expect, test } from 'vitest';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { textsInFiles } from '../support/scan-files.ts';
import { sprinkle, CANARY_TEXTS as TEXTS } from '../support/sprinkle.ts';

test('no token, address, MAC, serial number, phone number, host or key is found anywhere after the pipeline', async () => {
  const directory = temporaryDirectory();
  const running = await startRollcall(directory, {
    ROLLCALL_SNAPSHOT_SECONDS: '1',
    ROLLCALL_PROVISIONAL: 'exact',
    ROLLCALL_THRESHOLD: '5',
    // What they say of where they come from is read, as behind a proxy.
    ROLLCALL_TRUSTED_PROXIES: '127.0.0.0/8',
  });
  const answers = await sprinkle(running.url);
  // Honest sites too, so that there is something to find.
  for (let i = 0; i < 6; i++) expect((await post(running.url, reportOf())).status).toBe(202);
  await eventually(
    () => get<Counts>(running.url, '/v1/counts'),
    (seen) => (seen.total.sites ?? 0) >= 7,
  );
  const metrics = await (await fetch(running.metricsUrl)).text();
  await running.end('SIGTERM');

  for (const [where, text] of Object.entries({ answers: answers.join('\n'), metrics, output: running.output() }))
    for (const canary of TEXTS) expect(text.toLowerCase(), `${canary} in ${where}`).not.toContain(canary.toLowerCase());

  expect(textsInFiles(directory, TEXTS)).toEqual([]);
  // The scan bites: what may be stored is found. The log is looked through too, but what is drained of it is deleted within seconds.
  const planted = textsInFiles(directory, ['SIP-T46S']).map(({ path }) => path);
  expect(planted.some((path) => path.includes('/store/'))).toBe(true);

  // The store compresses: what its tables say is looked through as well.
  const clients = await openEmbeddedClients(`${directory}/store`);
  const tables = await clients.read.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  expect(tables.length).toBeGreaterThanOrEqual(4);
  for (const { name } of tables) {
    const rows = JSON.stringify(await clients.read.rows(`SELECT * FROM ${name}`)).toLowerCase();
    for (const canary of TEXTS) expect(rows, `${canary} in table ${name}`).not.toContain(canary.toLowerCase());
    if (name.startsWith('facts_')) expect(rows).toContain('sip-t46s');
  }
  await clients.read.close();
  await clients.write.close();
});
