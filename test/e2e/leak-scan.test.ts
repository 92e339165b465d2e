import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openClients } from '../../services/adapters/count-store/open-client.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { textsInFiles } from '../support/scan-files.ts';

/** What must never be found anywhere. Each is unlike anything else in the system. */
const CANARIES = {
  token: 'CanaryTokenqZ8vN3xW5rT7yU1pL9kJ4hG6fD2',
  address: '198.51.100.217',
  mac: '00:15:65:CA:9A:27',
  bareMac: '001565ca9a28',
  serial: 'CANARYSN7731904',
  phone: '+4930771920455',
  host: 'canary-pbx.example.org',
  mail: 'canary.owner@example.org',
  uuid: 'c0ffee11-77aa-4bcd-9e12-5a5ca9a7a001',
  key: 'canary-access-key-5518',
  word: 'canaryunknownkey',
};
const TEXTS = Object.values(CANARIES);

const line = (vendor: string, model: string) => ({ category: 'phone' as const, vendor, model, count: 1 });

/** A canary in every place that takes input. */
async function sprinkle(url: string): Promise<string[]> {
  const c = CANARIES;
  const hidden = [
    line('Yealink', `SIP-T46S ${c.mac}`),
    line('Yealink', `Yealink SIP-T46S 66.86.0.15 ${c.bareMac}`),
    line('', `Odd Phone ${c.bareMac}`),
    line(c.phone, 'SIP-T46S'),
    line('Yealink', `SN:${c.serial}`),
    line(c.host, 'SIP-T46S'),
    line('', c.mail),
    line('Acme', c.uuid),
    line('Acme', `sip:100@${c.address}`),
    line(c.bareMac.slice(0, 6), c.bareMac.slice(6)),
  ];
  const headers = {
    'x-forwarded-for': c.address,
    forwarded: `for=${c.address}`,
    'user-agent': c.host,
    authorization: `Bearer ${c.key}`,
    'x-request-id': c.word,
    cookie: `s=${c.token}`,
  };
  const report = { ...reportOf({ token: c.token, devices: hidden }), platform: { name: c.host, version: '17' } };
  const bodies: [unknown, Record<string, string>][] = [
    [report, {}],
    [gzipSync(JSON.stringify(report)), { 'content-encoding': 'gzip' }],
    [{ ...report, [c.word]: c.mail }, {}],
    [{ ...report, sequence: c.serial }, {}],
    [{ ...report, token: `${c.token} ` }, {}],
    [{ ...report, period: '2020-01' }, {}],
    [{ ...report, devices: [{ ...hidden[0], category: c.word }] }, {}],
    [JSON.stringify(report).slice(0, -9), {}],
    [`{"token":"${c.token}","token":"${c.token}"}`, {}],
    [Buffer.from(`\xff${c.token}`, 'latin1'), {}],
    [JSON.stringify(report).padEnd(70_000), {}],
    [JSON.stringify(report), { 'content-type': c.host }],
    [JSON.stringify(report), { 'content-encoding': c.word }],
  ];
  const answers = [];
  for (const [body, more] of bodies) answers.push(await post(url, body, { ...headers, ...more }));
  for (const path of [
    `/v1/counts?q=${c.word}&nonsense=${c.token}`,
    `/v1/counts?${c.word}=1`,
    `/v1/counts?period=${c.serial}`,
    `/${c.word}/%`,
    `/v1/${c.token}`,
    `/v1/counts/%E0%A4%A${c.word}`,
  ])
    answers.push(await fetch(url + path, { headers }));
  answers.push(await fetch(`${url}/v1/reports`, { method: 'PUT', headers, body: c.token }));
  return Promise.all(answers.map(async (answer) => `${[...answer.headers].join(';')} ${await answer.text()}`));
}

test('no token, address, MAC, serial number, phone number, host or key is found anywhere after the pipeline', async () => {
  const directory = temporaryDirectory();
  const running = await startRollcall(directory, {
    ROLLCALL_SNAPSHOT_SECONDS: '1',
    ROLLCALL_PROVISIONAL: 'exact',
    ROLLCALL_THRESHOLD: '5',
  });
  const answers = await sprinkle(running.url);
  // Honest sites too, so that there is something to find.
  for (let i = 0; i < 6; i++) expect((await post(running.url, reportOf())).status).toBe(202);
  await eventually(
    () => get<Counts>(running.url, '/v1/counts'),
    (seen) => (seen.total.sites ?? 0) >= 7,
  );
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  await running.end('SIGTERM');

  for (const [where, text] of Object.entries({ answers: answers.join('\n'), metrics, output: running.output() }))
    for (const canary of TEXTS) expect(text.toLowerCase(), `${canary} in ${where}`).not.toContain(canary.toLowerCase());

  expect(textsInFiles(directory, TEXTS)).toEqual([]);
  // The scan bites: what may be stored is found in both the log's and the store's files.
  const planted = textsInFiles(directory, ['SIP-T46S']).map(({ path }) => path);
  expect(planted.some((path) => path.includes('/log/'))).toBe(true);
  expect(planted.some((path) => path.includes('/store/'))).toBe(true);

  // The store compresses: what its tables say is looked through as well.
  const clients = await openClients(`chdb:${directory}/store`);
  const tables = await clients.read.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  expect(tables.length).toBeGreaterThanOrEqual(4);
  for (const { name } of tables) {
    const rows = JSON.stringify(await clients.read.rows(`SELECT * FROM ${name}`)).toLowerCase();
    for (const canary of TEXTS) expect(rows, `${canary} in table ${name}`).not.toContain(canary.toLowerCase());
    if (name === 'facts') expect(rows).toContain('sip-t46s');
  }
  await clients.read.close();
  await clients.write.close();
});
