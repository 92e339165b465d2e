import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Counts, eventually, get, newToken, post, reportOf } from '../support/client.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const EXACT = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };

const phone = (model: string, count: number) => ({ category: 'phone' as const, vendor: 'Yealink', model, count });

/** Reports that the server has and has not answered, as it says itself. */
async function pendingReports(metricsUrl: string): Promise<number> {
  const metrics = await (await fetch(metricsUrl)).text();
  return Number(/^rollcall_reports_pending (\d+)$/m.exec(metrics)?.[1]);
}

describe('the embedded process', () => {
  test('counts reports within seconds, exactly, whatever was repeated, reordered, shrunk or withdrawn', async () => {
    const { url } = await startRollcall(temporaryDirectory(), EXACT);
    const tokens = Array.from({ length: 8 }, newToken);
    for (const token of tokens) {
      const first = reportOf({ token, sequence: 1, devices: [phone('SIP-T46S', 10), phone('SIP-T54W', 3)] });
      const second = reportOf({ token, sequence: 2, devices: [phone('SIP-T46S', 4), phone('SIP-T54W', 0)] });
      for (const report of [second, first, second, first]) expect((await post(url, report)).status).toBe(202);
    }
    const gone = reportOf({ token: tokens[0] as string, sequence: 3, withdraw: true, devices: [phone('SIP-T46S', 1)] });
    const answer = await post(url, gone);
    expect([answer.status, await answer.json()]).toEqual([202, { withdrawn: true }]);

    const counts = await eventually(
      () => get<Counts>(url, '/v1/counts?view=model'),
      (seen) => seen.rows[0]?.sites === 7,
    );
    expect(counts.rows).toEqual([
      {
        category: 'phone',
        vendor: 'Yealink',
        model: 'SIP-T46S',
        sites: 7,
        devices: 28,
        sitesShare: 1,
        devicesShare: 1,
      },
    ]);
    expect(counts.total).toEqual({ sites: 7, devices: 28 });
    const vendors = await get<Counts>(url, '/v1/counts?view=platform_vendor&vendor=Yealink');
    expect(vendors.rows).toEqual([
      { platform: 'FreePBX 17', vendor: 'Yealink', sites: 7, devices: null, sitesShare: 1, devicesShare: null },
    ]);
  });

  test('answers what is in flight when it is told to stop, and a second start continues', async () => {
    const directory = temporaryDirectory();
    const first = await startRollcall(directory, { ...EXACT, ROLLCALL_FLUSH_MS: '10000' });
    const inFlight = Array.from({ length: 20 }, () => post(first.url, reportOf()));
    await eventually(
      () => pendingReports(first.metricsUrl),
      (pending) => pending === 20,
    );
    const code = await first.end('SIGTERM');
    expect(code).toBe(0);
    const statuses = (await Promise.all(inFlight)).map((response) => response.status);
    expect(new Set(statuses)).toEqual(new Set([202]));

    const second = await startRollcall(directory, EXACT);
    const counts = await eventually(
      () => get<Counts>(second.url, '/v1/counts'),
      (seen) => (seen.total.sites ?? 0) >= 20,
    );
    expect(counts.total).toEqual({ sites: 20, devices: 240 });
  });

  test('says that it is not ready from the moment it is told to stop', async () => {
    const { url, end, output } = await startRollcall(temporaryDirectory(), EXACT);
    // A request of which half has come keeps its connection for a moment: nobody else is let in by then.
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /readyz HTTP/1.1\r\n');
    await get(url, '/v1/periods');
    const ended = end('SIGTERM');
    await eventually(
      async () => output(),
      (said) => said.includes('"msg":"stopping"'),
    );
    socket.write('Host: rollcall\r\n\r\n');
    const answer = (await socket.toArray()).join('');
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('{"name":"server","failure":"closing"}');
    expect(await ended).toBe(0);
  });

  test('refuses a data directory that another process has, in words', async () => {
    const directory = temporaryDirectory();
    await startRollcall(directory);
    await expect(startRollcall(directory)).rejects.toThrow(/directory-in-use/);
  });

  test('refuses settings that it does not know', async () => {
    await expect(startRollcall(temporaryDirectory(), { ROLLCALL_TRESHOLD: '10' })).rejects.toThrow(
      /ROLLCALL_TRESHOLD is not a setting/,
    );
  });

  test('with a signing key that was emptied it takes reports, is not ready until there is one again, and says why; a setting that names none is refused', async () => {
    const directory = temporaryDirectory();
    const key = join(directory, 'signing-key.pem');
    writeFileSync(key, '');
    const running = await startRollcall(directory);
    const ready = () => fetch(`${running.url}/readyz`);
    const unready = await ready();
    expect(unready.status).toBe(503);
    const failed = [{ name: 'signing-key', failure: 'signing-key-unreadable' }];
    expect(await unready.json()).toMatchObject({ failed });
    expect((await post(running.url, reportOf())).status).toBe(202);
    writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await eventually(ready, ({ status }) => status === 200);

    const garbage = join(temporaryDirectory(), 'key.pem');
    writeFileSync(garbage, 'no key');
    await expect(startRollcall(temporaryDirectory(), { ROLLCALL_SIGNING_KEY_FILE: garbage })).rejects.toThrow(
      /signing-key-unreadable/,
    );
  });

  test('writes an admin key that only its owner can read, and says where', async () => {
    const directory = temporaryDirectory();
    const running = await startRollcall(directory, { ROLLCALL_ADMIN_KEY: '' });
    const { readFileSync, statSync } = await import('node:fs');
    const path = `${directory}/admin-key`;
    expect(running.output()).toContain(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const key = readFileSync(path, 'utf8').trim();
    expect(running.output()).not.toContain(key);
    const response = await fetch(`${running.url}/v1/periods`, { headers: { authorization: `Bearer ${key}` } });
    expect(response.status).toBe(200);
  });

  test('takes gzip, and answers every refusal as a problem that names the field and repeats nothing', async () => {
    const { url } = await startRollcall(temporaryDirectory(), EXACT);
    const gzipped = await post(url, gzipSync(JSON.stringify(reportOf())), { 'content-encoding': 'gzip' });
    expect(gzipped.status).toBe(202);

    const cases: [unknown, Record<string, string>, number, string][] = [
      ['{"token":', {}, 400, 'invalid-json'],
      [{ ...reportOf(), hostname: 'canary-host' }, {}, 400, 'invalid-report'],
      [{ ...reportOf(), sequence: 0 }, {}, 400, 'invalid-report'],
      [JSON.stringify(reportOf()).replace('"sequence"', '"sequence":2,"sequence"'), {}, 400, 'invalid-report'],
      [{ ...reportOf(), period: '2020-01' }, {}, 422, 'period-not-open'],
      ['x'.repeat(64 * 1024 + 1), {}, 413, 'too-large'],
      [gzipSync(Buffer.alloc(300 * 1024, 0x20)), { 'content-encoding': 'gzip' }, 413, 'too-large'],
      [Buffer.from('nonsense'), { 'content-encoding': 'gzip' }, 400, 'invalid-encoding'],
      [JSON.stringify(reportOf()), { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
      [JSON.stringify(reportOf()), { 'content-encoding': 'br' }, 415, 'unsupported-encoding'],
    ];
    for (const [body, headers, status, type] of cases) {
      const response = await post(url, body, headers);
      const text = await response.text();
      expect({ status: response.status, text }).toMatchObject({ status });
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(text)).toMatchObject({ type: `/problems/${type}`, status });
      expect(text).not.toContain('canary');
    }
    const open = (await (await post(url, { ...reportOf(), period: '2020-01' })).json()) as { open: string[] };
    expect(open.open).toContain(reportOf().period);
  });

  test('a cell under the threshold never appears, in any view, sort, page or filter', async () => {
    const { url } = await startRollcall(temporaryDirectory(), { ...EXACT, ROLLCALL_THRESHOLD: '6' });
    const rare = { platform: { name: '3CX', version: '20' }, devices: [phone('SIP-T58A', 9)] };
    for (let i = 0; i < 6; i++) await post(url, reportOf());
    for (let i = 0; i < 5; i++) await post(url, reportOf(rare));
    await eventually(
      () => get<Counts>(url, '/v1/counts'),
      (seen) => seen.total.sites === 11,
    );
    const views = ['site', 'platform', 'category', 'vendor', 'platform_vendor', 'model', 'unlisted'];
    for (const view of views)
      for (const sort of ['sites', '-sites', 'name', '-name'])
        for (let offset = 0; offset < 4; offset++) {
          const page = await get<Counts>(url, `/v1/counts?view=${view}&sort=${sort}&limit=1&offset=${offset}`);
          for (const row of page.rows) expect(row.sites).toBeGreaterThanOrEqual(6);
        }
    const hidden = await get<Counts>(url, '/v1/counts?category=phone&vendor=Yealink&q=T58');
    expect(hidden.rows).toEqual([]);
    expect(hidden.suppressed.cells).toBe(1);
    expect(await get<Counts>(url, '/v1/counts?view=platform_vendor&platform=3CX%2020')).toMatchObject({
      total: { sites: null, devices: null },
      rows: [],
    });
  });

  test('parameters that it does not know or allow are 400, and no key or a wrong one is 401', async () => {
    const { url } = await startRollcall(temporaryDirectory(), EXACT);
    const refused = [
      'view=models',
      'platform=FreePBX',
      'vendor=Yealink',
      'view=site&category=phone',
      'limit=0',
      'limit=1001',
      'offset=-1',
      'sort=count',
      'view=platform&sort=-devices',
      'period=2026-13',
      'nonsense=canary',
    ];
    for (const query of refused) await expect(get(url, `/v1/counts?${query}`), query).rejects.toThrow(/400/);
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic x' }] as Record<
      string,
      string
    >[])
      expect((await fetch(`${url}/v1/counts`, { headers })).status).toBe(401);
  });
});
