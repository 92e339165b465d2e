import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { startClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { eventually, post, reportOf } from '../support/client.ts';
import { ADMIN_KEY, type RollcallProcess, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';
import { textsInFiles } from '../support/scan-files.ts';

const statusOf = async (url: string, path: string, key: string) =>
  (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).status;

describe('an operator', () => {
  test('makes, lists and revokes keys and checks the audit at the running server; a restart keeps all of it', async () => {
    const directory = temporaryDirectory();
    const first = await startRollcall(directory, { ROLLCALL_ADMIN_KEY: '' });
    // The key of the data directory's file, the server's address by its port.
    const env = { ROLLCALL_DATA_DIR: directory, PORT: new URL(first.url).port };
    const made = await runCommand(['keys', 'create', '--owner', 'Ada', '--scope', 'reader', '--days', '30'], env);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^rc_[a-z2-7]{8}_[A-Za-z0-9_-]{49}\n$/) });
    const key = made.stdout.trim();
    const id = key.split('_')[1] as string;
    expect(await statusOf(first.url, '/v1/counts', key)).toBe(200);
    expect(await statusOf(first.url, '/v1/keys', key)).toBe(403);
    const listed = await runCommand(['keys', 'list'], env);
    expect(listed.stdout).toMatch(new RegExp(`^${id}\tlive\tAda\treader\texpires \\d{4}-\\d\\d-\\d\\d\t`));

    await first.end('SIGTERM');
    const second = await startRollcall(directory, { ROLLCALL_ADMIN_KEY: '' });
    expect(await statusOf(second.url, '/v1/counts', key)).toBe(200);
    const there = ['--url', second.url];
    expect((await runCommand(['keys', 'revoke', id, ...there], env)).code).toBe(0);
    expect(await statusOf(second.url, '/v1/counts', key)).toBe(401);
    expect((await runCommand(['keys', 'list', '--json', ...there], env)).stdout).toContain('"state":"revoked"');

    const acts = (await runCommand(['audit', 'list', ...there], env)).stdout.trim().split('\n');
    expect(acts.map((line) => line.split('\t').slice(2).join(' '))).toEqual([
      `admin key.created ${id} reader`,
      `admin key.revoked ${id}`,
    ]);
    const whole = await runCommand(['audit', 'verify', ...there], env);
    expect(whole).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^whole: 2 entries, head 2:[0-9a-f]{64}\n$/),
    });
    const head = whole.stdout.trim().split(' ').at(-1) as string;
    expect((await runCommand(['audit', 'verify', '--head', head, ...there], env)).code).toBe(0);

    // Somebody with the files in hand takes the revocation out of the audit, then alters what is left.
    await second.end('SIGTERM');
    const { read, write } = await openEmbeddedClients(join(directory, 'store'));
    await write.run("ALTER TABLE audit DELETE WHERE action = 'key.revoked' SETTINGS mutations_sync = 2");
    await read.close();
    await write.close();
    const third = await startRollcall(directory, { ROLLCALL_ADMIN_KEY: '' });
    const cut = await runCommand(['audit', 'verify', '--head', head, '--url', third.url], env);
    expect(cut).toMatchObject({ code: 1, stdout: 'entry 2 is not the one that was kept\n' });
  });

  test('is told in words when there is no server, no key, or a wrong one', async () => {
    const directory = temporaryDirectory();
    const env = { ROLLCALL_DATA_DIR: directory, PORT: '1' };
    expect(await runCommand(['keys', 'list'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^No key/),
    });
    const somebody = { ...env, ROLLCALL_ADMIN_KEY: 'canary-key-of-somebody' };
    const nowhere = await runCommand(['keys', 'list'], somebody);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^No server answers/) });
    const { url } = await startRollcall(directory);
    const wrong = await runCommand(['audit', 'verify', '--url', url], somebody);
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^401 /) });
    expect(JSON.stringify([nowhere, wrong])).not.toContain('canary');
    expect((await runCommand(['keys', 'destroy'], env)).code).toBe(2);
  });
});

test('keys, sessions and forwarded addresses are in no log, metric, table or file; the limit holds behind a proxy', async () => {
  const directory = temporaryDirectory();
  const { url, metricsUrl, end, output } = await startRollcall(directory, {
    ROLLCALL_ADMIN_KEY: '',
    ROLLCALL_TRUSTED_PROXIES: '127.0.0.0/8',
    ROLLCALL_REPORTS_PER_MINUTE: '2',
  });
  const admin = readFileSync(join(directory, 'admin-key'), 'utf8').trim();
  const address = '198.51.100.217';
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await post(url, reportOf(), { 'x-forwarded-for': address })).status);
  expect(statuses).toEqual([202, 202, 429]);

  const asAdmin = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ owner: 'scanned', scopes: ['reader'] });
  const made = await fetch(`${url}/v1/keys`, { method: 'POST', headers: asAdmin, body });
  const { key } = (await made.json()) as { key: string };
  const signedIn = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, 'x-forwarded-proto': 'https' },
    body: JSON.stringify({ key }),
  });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] as string;
  expect(cookie).toMatch(/^__Host-rollcall_session=/);
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string };
  const headers = { cookie, 'x-forwarded-proto': 'https' };
  await eventually(
    async () => (await fetch(`${url}/v1/counts`, { headers })).status,
    (status) => status === 200,
  );
  const metrics = await (await fetch(metricsUrl)).text();
  expect(await end('SIGTERM')).toBe(0);

  const secrets = [key.slice(12, 50), cookie.split('=')[1] as string, csrfToken, address, '198.51.100'];
  for (const secret of [...secrets, admin]) {
    expect(output()).not.toContain(secret);
    expect(metrics).not.toContain(secret);
  }
  expect(textsInFiles(directory, secrets)).toEqual([]);
  const { read, write } = await openEmbeddedClients(join(directory, 'store'));
  for (const table of ['access_keys', 'sessions', 'audit']) {
    const rows = JSON.stringify(await read.rows(`SELECT * FROM ${table}`));
    expect(rows).not.toBe('[]');
    for (const secret of [...secrets, admin]) expect(rows, table).not.toContain(secret);
  }
  await read.close();
  await write.close();
});

test('two API servers at one store agree within two seconds, and their audit is one chain', async () => {
  const store = await startClickHouseHttp();
  onTestFinished(() => store.stop());
  const url = new URL(store.url);
  url.pathname = '/access';
  const env = { ROLLCALL_STORE_URL: url.toString() };
  const start = () => startRollcall(temporaryDirectory(), env, 'api');
  const servers = [await start(), await start()] as const;
  const admin = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const make = async (server: RollcallProcess, owner: string) => {
    const body = JSON.stringify({ owner, scopes: ['reader'] });
    const made = await fetch(`${server.url}/v1/keys`, { method: 'POST', headers: admin, body });
    return (await made.json()) as { id: string; key: string };
  };
  const made = await Promise.all(
    Array.from({ length: 10 }, (_, i) => make(servers[i % 2 === 0 ? 0 : 1], `owner ${i}`)),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const server of servers)
    for (const { key } of made) expect(await statusOf(server.url, '/v1/periods', key)).toBe(200);

  const { id, key } = made[0]!;
  await fetch(`${servers[0].url}/v1/keys/${id}`, { method: 'DELETE', headers: { authorization: admin.authorization } });
  expect(await statusOf(servers[0].url, '/v1/periods', key)).toBe(401);
  await eventually(
    () => statusOf(servers[1].url, '/v1/periods', key),
    (status) => status === 401,
  );
  const verified = await runCommand(['audit', 'verify', '--url', servers[1].url], { ROLLCALL_ADMIN_KEY: ADMIN_KEY });
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whole: 11 entries/) });
});
