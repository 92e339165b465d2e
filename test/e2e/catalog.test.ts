import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import { startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { type Counts, eventually, get, newToken, post, reportOf } from '../support/client.ts';
import { ADMIN_KEY, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const MAIN = fileURLToPath(new URL('../../dist/services/main.cjs', import.meta.url));
const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact' };
const line = (model: string, count = 2) => ({ category: 'phone' as const, vendor: 'Acme', model, count });

interface Ran {
  code: number;
  out: string;
  err: string;
}

/** The compiled CLI, with the environment of an operator. */
function cli(args: string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...env }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [MAIN, ...args], options, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}

const linesOf = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => JSON.parse(one) as T);

async function sitesReport(url: string, sites: number, model: string): Promise<void> {
  for (let site = 0; site < sites; site++)
    expect((await post(url, reportOf({ token: newToken(), devices: [line(model)] }))).status).toBe(202);
}

test('a curator sees what 20 sites report, says what it is, and it is counted as that', async () => {
  const directory = temporaryDirectory();
  const { url } = await startRollcall(directory, { ...SETTINGS, ROLLCALL_ADMIN_KEY: '' });
  const curator = { ROLLCALL_DATA_DIR: directory, PORT: new URL(url).port };
  await sitesReport(url, 21, 'Phone-1');
  await sitesReport(url, 19, 'Phone-2');
  const seen = await eventually(
    () => cli(['catalog', 'unlisted'], curator),
    ({ out }) => out !== '' && linesOf<{ sites: number }>(out)[0]?.sites === 21,
  );
  const { count: _, ...name } = line('Phone-1');
  expect(linesOf(seen.out)).toEqual([{ ...name, sites: 21, mappedTo: null }]);
  expect(seen.err).toBe('');

  const from = ['--category', 'phone', '--vendor', 'Acme', '--model', 'Phone-1'];
  const unknown = await cli(['catalog', 'add', ...from, '--to-model', 'Phone 1'], curator);
  expect([unknown.code, unknown.out]).toEqual([1, '']);
  expect(unknown.err).toContain('/to/vendor unknown-vendor');
  const added = await cli(['catalog', 'add', ...from, '--to-model', 'Phone 1', '--new-vendor'], curator);
  expect([added.code, added.err]).toEqual([0, '']);

  const key = readFileSync(join(directory, 'admin-key'), 'utf8').trim();
  const counts = async () =>
    (await (
      await fetch(`${url}/v1/counts?view=model`, { headers: { authorization: `Bearer ${key}` } })
    ).json()) as Counts;
  const { rows } = await eventually(counts, (now) => now.rows.length > 0);
  expect(rows).toMatchObject([{ category: 'phone', vendor: 'Acme', model: 'Phone 1', sites: 21, devices: 21 }]);
  expect((await cli(['catalog', 'unlisted'], curator)).out).toBe('');
  expect(linesOf<Mapping>((await cli(['catalog', 'mappings'], curator)).out).map(({ from, to }) => [from, to])).toEqual(
    [
      [
        { ...name, model: 'Phone 1' },
        { ...name, model: 'Phone 1' },
      ],
      [name, { ...name, model: 'Phone 1' }],
    ],
  );
  const back = await cli(['catalog', 'add', ...from, '--take-back'], curator);
  expect([back.code, back.err]).toEqual([0, '']);
  expect(
    await eventually(
      () => cli(['catalog', 'unlisted'], curator),
      ({ out }) => out !== '',
    ),
  ).toMatchObject({
    out: seen.out,
  });
});

test('the command says in words what is missing', async () => {
  const nowhere = { ROLLCALL_DATA_DIR: temporaryDirectory() };
  expect(await cli(['catalog'], nowhere)).toMatchObject({ code: 2, out: '' });
  expect(await cli(['catalog', 'add', '--model', 'x'], nowhere)).toMatchObject({ code: 2, out: '' });
  const noKey = await cli(['catalog', 'unlisted'], nowhere);
  expect([noKey.code, noKey.err]).toEqual([2, expect.stringContaining('ROLLCALL_ADMIN_KEY')]);
  const noServer = await cli(['catalog', 'unlisted', '--url', 'http://127.0.0.1:1'], { ROLLCALL_ADMIN_KEY: ADMIN_KEY });
  expect([noServer.code, noServer.err]).toEqual([1, expect.stringContaining('No server answers there')]);
});

test('the API asks for a curator, repeats nothing, and shows nothing of fewer than 20 sites', async () => {
  const { url } = await startRollcall(temporaryDirectory(), { ...SETTINGS, ROLLCALL_THRESHOLD: '5' });
  for (const path of ['/v1/catalog/unlisted', '/v1/catalog/mappings'])
    expect((await fetch(url + path)).status).toBe(401);
  await sitesReport(url, 19, 'Phone-2');
  await eventually(
    () => get<Counts>(url, '/v1/counts?view=site'),
    ({ total }) => total.sites === 19,
  );
  for (const query of ['', '?limit=1000', '?category=phone', '?offset=0&limit=1'])
    expect(await get(url, `/v1/catalog/unlisted${query}`)).toMatchObject({ threshold: 20, rows: [], next: null });
  const send = (body: unknown, query = '') =>
    fetch(`${url}/v1/catalog/mappings${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { count: _, ...name } = line('Phone-2');
  const cases: [unknown, string][] = [
    [{ ...name }, '/to'],
    [{ ...name, to: name, canary: 1 }, ''],
    [{ ...name, model: 'canary 0004f2aabbcc', to: name }, '/model'],
    [{ ...name, to: { ...name, model: "Canary's phone" } }, '/to/model'],
    [{ ...name, to: { ...name, model: 'canary 0004f2aabbcc' }, newVendor: true }, '/to'],
    [{ ...name, to: { ...name, model: 'canary"; drop table facts' }, newVendor: true }, '/to/model'],
  ];
  for (const [body, pointer] of cases) {
    const response = await send(body);
    const text = await response.text();
    expect([response.status, text.toLowerCase().includes('canary')]).toEqual([400, false]);
    expect((JSON.parse(text) as { errors: { pointer: string }[] }).errors[0]?.pointer).toBe(pointer);
  }
  const tried = await send({ ...name, to: { ...name, model: 'Phone 2' }, newVendor: true }, '?dryRun=true');
  // Of a name that is not shown, no number is told.
  expect([tried.status, await tried.json()]).toEqual([200, { since: expect.any(String), along: [name], sites: null }]);
  expect((await send({ ...name, to: name, canary: 1 }, '?dryRun=true')).status).toBe(400);
  expect((await send({ ...name, to: name }, '?dryRun=yes')).status).toBe(400);
  expect(await get(url, '/v1/catalog/mappings')).toMatchObject({ mappings: [] });
  expect((await send({ ...name, to: name, newVendor: true })).status).toBe(201);
});

test('the conformance file is public, and the command gives its answers', async () => {
  const { url } = await startRollcall(temporaryDirectory());
  const response = await fetch(`${url}/v1/catalog/conformance`);
  const file = (await response.json()) as { cases: { kind: string; text: string; answer: unknown }[] };
  expect([response.status, response.headers.get('etag')]).toEqual([200, expect.any(String)]);
  expect(file.cases.length).toBeGreaterThan(500);
  for (const kind of new Set(file.cases.map((one) => one.kind))) {
    if (kind === 'memory') continue; // Not a kind of the command's input files; the unit test has it.
    const cases = file.cases.filter((one) => one.kind === kind);
    const { code, out } = await cli(['identify', '--kind', kind], {}, `${cases.map(({ text }) => text).join('\n')}\n`);
    expect(code).toBe(0);
    expect(linesOf(out)).toEqual(cases.map(({ answer }) => answer));
  }
});

test('an ingest of its own learns mappings from the store, and takes no report before it knows them', async () => {
  const server = await startClickHouseHttp();
  try {
    const store = { ROLLCALL_STORE_URL: `${server.url}/rollcall` };
    const directory = temporaryDirectory();
    const ingest = await startRollcall(directory, store, 'ingest');
    const early = await post(ingest.url, reportOf());
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await early.json()).toMatchObject({ type: '/problems/catalog-unavailable' });
    const ready = await (await fetch(`${ingest.url}/readyz`)).json();
    expect(ready).toMatchObject({
      failed: [
        { name: 'catalog', failure: 'catalog-unavailable' },
        { name: 'closes', failure: 'closes-unknown' },
      ],
    });

    const api = await startRollcall(temporaryDirectory(), store, 'api');
    const taken = () => post(ingest.url, reportOf());
    expect((await eventually(taken, ({ status }) => status === 202)).status).toBe(202);
    const { count: _, ...name } = line('Phone-1');
    const added = await fetch(`${api.url}/v1/catalog/mappings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...name, to: { ...name, model: 'Phone 1' } satisfies DeviceName, newVendor: true }),
    });
    expect(added.status).toBe(201);
    const file = join(directory, 'catalog-mappings.json');
    const learned = async () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    expect(await eventually(learned, (text) => text.includes('Phone 1'))).toContain('"since"');

    // With that it is started without a store.
    await ingest.end('SIGTERM');
    await server.kill();
    const again = await startRollcall(directory, store, 'ingest');
    expect((await post(again.url, reportOf())).status).toBe(202);
  } finally {
    await server.stop();
  }
});
