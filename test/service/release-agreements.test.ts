import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { execute } from '../../services/cli/rollcall.ts';
import { webhookSecret } from '../../services/releases/delivery/signature.ts';
import { SEED } from './access-server.ts';
import {
  AUGUST,
  cell,
  closed,
  filesOf,
  openReleaseServer,
  PUBLIC_KEY,
  type ReleaseServer,
  ROOT,
} from './release-server.ts';

let server: ReleaseServer;
const directory = mkdtempSync(join(tmpdir(), 'rollcall-release-'));
beforeAll(async () => {
  server = await openReleaseServer();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const POLY = 'Poly & Co. (A/B), Inc.';
const URL = 'https://releases.example/hook?a=%27';
const body = (more: object = {}) => ({
  ...{ party: POLY, vendors: ['Poly'], platforms: ['FreePBX'], contact: 'Zoë, "sales"' },
  ...{ delivery: { kind: 'webhook', url: URL } },
  ...more,
});
const post = (more: object = {}) => server.as('releaser', 'POST', '/v1/agreements', body(more));
const listed = async () =>
  (await server.as('releaser', 'GET', '/v1/agreements')).json?.agreements as { party: string }[];

describe('an agreement', () => {
  test('is made, written down first, and replaced by a newer one with the same party', async () => {
    const made = await post();
    expect(made.status).toBe(201);
    expect(await server.audited()).toEqual([`agreement.made ${POLY}`]);
    expect(made.json).toMatchObject({ ...body(), lineage: true });
    const newer = await post({ vendors: ['Poly', 'Snom'], lineage: false });
    expect(await listed()).toEqual([newer.json]);
    expect(newer.json).toMatchObject({ vendors: ['Poly', 'Snom'], lineage: false });
  });

  test('names makers and platforms that are known, and a URL that may be called', async () => {
    const faults = async (more: object) => (await post(more)).json?.errors;
    expect(await faults({ vendors: ['Poly', 'Nobody'], platforms: ['CP/M'] })).toEqual([
      { pointer: '/vendors/1', reason: 'unknown-vendor' },
      { pointer: '/platforms/0', reason: 'unknown-platform' },
    ]);
    for (const [url, reason] of [
      ['http://releases.example/', 'not-https'],
      ['https://a:b@releases.example/', 'has-credentials'],
      ['https://10.0.0.1/', 'not-public'],
      ['https://\ud800/', 'not-a-url'],
    ])
      expect(await faults({ delivery: { kind: 'webhook', url } }), url).toEqual([{ pointer: '/delivery/url', reason }]);
    expect(await faults({ contact: 'a\nb' })).toEqual([{ pointer: '/contact', reason: 'not-a-line' }]);
    expect(await faults({ contact: '\ud800' })).toEqual([{ pointer: '/contact', reason: 'not-a-line' }]);
    expect(await faults({ party: "'; DROP TABLE agreements" })).toEqual([{ pointer: '/party', reason: 'not-a-name' }]);
    expect((await post({ more: 1 })).status).toBe(400);
    expect(await listed()).toHaveLength(1);
  });

  test('has a secret that releasers are shown, which is written down', async () => {
    await server.audited();
    const shown = await server.as('releaser', 'GET', `/v1/agreements/${encodeURIComponent(POLY)}/secret`);
    expect(shown.json).toEqual({ secret: webhookSecret(ROOT, POLY, URL) });
    expect(shown.headers['cache-control']).toBe('no-store');
    expect(await server.audited()).toEqual([`webhook.secret-shown ${POLY}`]);
    for (const scope of ['reader', 'curator', 'manufacturer:Poly'])
      expect((await server.as(scope, 'GET', `/v1/agreements/${encodeURIComponent(POLY)}/secret`)).status).toBe(403);
    await post({ party: 'Snom', delivery: { kind: 'download' } });
    expect((await server.as('releaser', 'GET', '/v1/agreements/Snom/secret')).json?.type).toBe('/problems/no-webhook');
  });

  test('ends once, which is written down first', async () => {
    await server.audited();
    const end = () => server.as('releaser', 'DELETE', `/v1/agreements/${encodeURIComponent(POLY)}`);
    expect((await end()).status).toBe(204);
    expect(await server.audited()).toEqual([`agreement.ended ${POLY}`]);
    expect((await listed()).map(({ party }) => party)).toEqual(['Snom']);
    expect((await end()).json?.type).toBe('/problems/no-such-agreement');
    expect(await server.audited()).toEqual([]);
  });

  test('is made by releasers and admins, and shown to nobody else', async () => {
    for (const scope of ['reader', 'curator', 'manufacturer:Snom'])
      for (const method of ['GET', 'POST'] as const)
        expect((await server.as(scope, method, '/v1/agreements', method === 'POST' ? body() : undefined)).status).toBe(
          403,
        );
    expect((await server.as('admin', 'GET', '/v1/agreements')).status).toBe(200);
  });
});

describe('the command', () => {
  let out = '';
  const run = async (command: string, ...args: string[]) => {
    out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const port = (server.app.server.address() as AddressInfo).port;
    return execute([command, ...args, '--url', `http://127.0.0.1:${port}`], { ROLLCALL_ADMIN_KEY: SEED });
  };

  test('agreements puts one from a file, lists, shows the secret and ends', async () => {
    const file = join(directory, 'poly.json');
    writeFileSync(file, JSON.stringify(body()));
    expect(await run('agreements', 'put', file)).toBe(0);
    expect(await run('agreements', 'list')).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).party),
    ).toEqual([POLY, 'Snom']);
    expect(await run('agreements', 'secret', POLY)).toBe(0);
    expect(out).toBe(`${webhookSecret(ROOT, POLY, URL)}\n`);
    expect(await run('agreements', 'end', POLY)).toBe(0);
    expect(await run('agreements', 'end', POLY)).toBe(1);
    expect(await run('agreements', 'put')).toBe(2);
  });

  test('release shows a release and writes its files byte for byte, with the public key', async () => {
    for (const revision of [0, 1]) await server.store.addRelease(filesOf(POLY, revision));
    expect(await run('release', 'list')).toBe(0);
    expect(out.split('\n')).toHaveLength(3);
    expect(await run('release', 'show', AUGUST, POLY)).toBe(0);
    expect(out).toContain('release.csv (');
    const place = join(directory, 'out');
    expect(await run('release', 'show', AUGUST, POLY, '--out', place)).toBe(0);
    const expected = filesOf(POLY, 1);
    expect(readdirSync(place).sort()).toEqual([...expected.map(({ name }) => name), 'public-key.pem'].sort());
    for (const { name, content } of expected) expect(readFileSync(join(place, name), 'utf8')).toBe(content);
    expect(readFileSync(join(place, 'public-key.pem'), 'utf8')).toBe(PUBLIC_KEY.pem);
    expect(await run('release', 'show', AUGUST, 'Nobody')).toBe(1);
    expect(await run('release', 'redeliver', AUGUST, POLY)).toBe(1);
  });

  test('release decides on held numbers and chooses the profile', async () => {
    await closed(server.store, AUGUST, [cell('D785', { held: 'growth' })], server.clock.now());
    expect(await run('release', 'held')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ cell: { model: 'D785' }, decision: null });
    const names = ['--query', 'phone_model', '--category', 'phone', '--vendor', 'Snom', '--model', 'D785'];
    expect(await run('release', 'decide', AUGUST, 'suppress', ...names)).toBe(0);
    expect(await run('release', 'decide', AUGUST, 'approve', ...names)).toBe(1);
    expect(await run('release', 'profile', 'set', 'threshold', '--since', '2026-12')).toBe(0);
    expect(await run('release', 'profile')).toBe(0);
    expect(out).toMatch(/^2026-12\tthreshold\t.*\tadmin\n$/);
    for (const wrong of [['profile', 'set', 'noised'], ['decide', AUGUST, 'approve'], ['nothing'], []])
      expect([wrong, await run('release', ...wrong)]).toEqual([wrong, 2]);
  });

  test('ledger says what was spent and who received it', async () => {
    await server.store.addLedgerEntry({
      period: AUGUST,
      at: 1,
      profile: 'threshold',
      rho: null,
      epsilon: null,
      delta: null,
    });
    await server.as('manufacturer:Snom', 'GET', '/v1/releases');
    await server.store.addDelivery({
      period: AUGUST,
      party: POLY,
      revision: 1,
      event: 'due',
      at: 1,
      way: 'webhook',
      outcome: '',
    });
    expect(await run('ledger')).toBe(0);
    expect(out).toBe(
      `${AUGUST}\tthreshold\tepsilon unbounded\n\t${POLY}\trevision 1\tdue\t1970-01-01T00:00:00.001Z\twebhook\n`,
    );
    expect(await run('ledger', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ period: AUGUST, releases: [{ revision: 0 }, { revision: 1 }] });
  });
});

test('nothing of it made the server log', () => {
  expect(server.logged).toEqual([]);
});
