import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { configured } from '../../services/cli/doctor/configuration.ts';
import { lineOf } from '../../services/cli/doctor/finding.ts';
import { ofDescriptors, ofNode, ofSpace } from '../../services/cli/doctor/machine.ts';
import { failedChecks, ofClock, ofPending } from '../../services/cli/doctor/running-server.ts';
import { ofParts, ofSnapshotAge } from '../../services/cli/doctor/store.ts';
import { execute } from '../../services/cli/rollcall.ts';
import { freePort } from '../support/free-port.ts';

afterEach(() => vi.restoreAllMocks());

const GB = 1_073_741_824;

test('a Node that is too old, few descriptors, a full disk and clocks apart are bad, and each says what to do', () => {
  const findings = [
    ofNode('18.20.8', '20.19'),
    ofNode('20.18.9', '20.19'),
    ofDescriptors('Max open files            64                   4096                 files\n'),
    ofSpace('disk', 50 * 1_048_576, 100 * GB),
    ofClock('clock', 1_000_000, 1_000_000 + 6 * 60_000),
    ofPending('2026-11', 20_000),
    ...ofParts({ detached: [{ table: 'facts_202611', parts: 1 }], damaged: [{ table: 'cube', parts: 2 }] }),
    ofSnapshotAge('2026-11', -3_600, 60),
  ];
  for (const finding of findings) {
    expect(finding.state).toBe('bad');
    expect(finding.todo).not.toBe('');
    expect(lineOf(finding)).toMatch(/^BAD {2}\S.*: .*\. \S/);
  }
});

test('what is as it should be has nothing to do', () => {
  const findings = [
    ofNode('20.19.0', '20.19'),
    ofNode('24.1.0', '20.19'),
    ofDescriptors('Max open files            unlimited            unlimited            files\n'),
    ofSpace('disk', 50 * GB, 100 * GB),
    ofClock('clock', 1_000_000, 1_000_900),
    ofPending('2026-11', 3),
    ...ofParts({ detached: [], damaged: [] }),
    ofSnapshotAge('2026-11', 60, 60),
  ];
  expect(findings.map(({ state, todo }) => `${state}${todo}`)).toEqual(findings.map(() => 'fine'));
});

test('settings at fault are named one by one, and a secret is never repeated', () => {
  const { config, findings } = configured({
    ROLLCALL_ADMIN_KEY: 'with a blank in it',
    ROLLCALL_LOG_URL: 'redis://a',
    ROLLCALL_X: '1',
  });
  expect(config).toBeUndefined();
  expect(findings.map(({ seen }) => seen.split(' ')[0]?.replace(':', '')).sort()).toEqual([
    'ROLLCALL_ADMIN_KEY',
    'ROLLCALL_LOG_URL',
    'ROLLCALL_X',
  ]);
  expect(JSON.stringify(findings)).not.toContain('blank in it');
});

test('settings of a lab are noted, and a fail point is bad', () => {
  const lab = configured({ ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_WEBHOOKS: 'lab', ROLLCALL_FAIL_AT: 'FROZEN:done' });
  expect(lab.findings.map(({ state }) => state).sort()).toEqual(['bad', 'note', 'note']);
  expect(configured({}).findings.map(({ state }) => state)).toEqual(['fine']);
});

test('of what a server answers only names and codes are told', () => {
  const text =
    '{"failed":[{"name":"store","failure":"store-unavailable"},{"name":"<b>","failure":"x y"},{"name":"log"}]}';
  expect(failedChecks(text)).toEqual([{ name: 'store', failure: 'store-unavailable' }]);
});

test('without anything to look at it ends well; with brokers, a store and a Redis that are not there it does not', async () => {
  const [port, gone] = [await freePort(), await freePort()];
  const away = `127.0.0.1:${gone}`;
  const nowhere = { ROLLCALL_DATA_DIR: '/nowhere/rollcall', PORT: String(port), ROLLCALL_METRICS_PORT: '0' };
  expect(await doctor(nowhere)).toMatchObject({ code: 0, well: true });
  const cluster = {
    ...nowhere,
    ROLLCALL_LOG_URL: `kafka://${away},[::1]:${gone}`,
    ROLLCALL_STORE_URL: `http://name:s3cret@${away}/rollcall`,
    ROLLCALL_SIGNING_KEY_FILE: '/nowhere/key.pem',
  };
  const said = await doctor(cluster);
  expect([said.code, said.well]).toEqual([1, false]);
  expect(said.bad).toEqual([`broker ${away}`, `broker [::1]:${gone}`, 'store']);
  expect(said.text).not.toContain('s3cret');
});

test('a server that runs here is asked: what it lacks is bad, with what to do', async () => {
  const server = createServer((request, response) => {
    const answers: Record<string, [number, string]> = {
      '/livez': [200, '{"live":true}'],
      '/version': [200, '{"version":"9.9.9"}'],
      '/readyz': [503, '{"failed":[{"name":"jobs","failure":"jobs-unavailable"}]}'],
    };
    const [status, body] = answers[request.url ?? ''] ?? [404, ''];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const said = await doctor({
    ROLLCALL_DATA_DIR: '/nowhere/rollcall',
    PORT: String(port),
    ROLLCALL_METRICS_PORT: '0',
  });
  server.closeAllConnections();
  server.close();
  expect(said.bad).toEqual(['readiness of jobs']);
  expect(said.text).toContain('Redis did not answer');
  expect(said.text).toContain('version 9.9.9');
});

async function doctor(env: Record<string, string>) {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const code = await execute(['doctor', '--json'], env);
  const { well, findings } = JSON.parse(text) as { well: boolean; findings: { what: string; state: string }[] };
  vi.restoreAllMocks();
  return { code, well, text, bad: findings.filter(({ state }) => state === 'bad').map(({ what }) => what) };
}
