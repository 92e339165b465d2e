import { createServer, type Server } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiClient } from '../../services/cli/client.ts';
import { execute } from '../../services/cli/rollcall.ts';

const KEY = 'k3y-that-stays';
const servers: Server[] = [];
let said = '';

afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Answer = (path: string) => {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
};

/** A server and every request that it had: method, path and key. */
async function listen(answer: Answer): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const { status, headers, body } = answer(request.url ?? '');
    response.writeHead(status, headers).end(body === undefined ? '' : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, heard };
}

async function run(command: string, url: string, ...args: string[]): Promise<number> {
  said = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  const code = await execute([command, ...args, '--url', url], { ROLLCALL_ADMIN_KEY: KEY });
  vi.restoreAllMocks();
  return code;
}

test.each([
  ['keys', ['list']],
  ['keys', ['revoke', 'abc']],
  ['audit', ['list']],
  ['catalog', ['unlisted']],
  ['catalog', ['mappings']],
  ['catalog', ['add', '--category', 'phone', '--vendor', 'Acme', '--model', 'Phone-1']],
  ['agreements', ['list']],
  ['release', ['list']],
  ['ledger', []],
  ['close', ['--period', '2026-07']],
] as const)('a redirect does not lead the key to another address: %s %o', async (command, args) => {
  for (const status of [302, 307, 308]) {
    const elsewhere = await listen(() => ({ status: 200, body: {} }));
    const server = await listen((path) => ({ status, headers: { location: elsewhere.url + path } }));
    expect(await run(command, server.url, ...args)).toBe(1);
    expect(server.heard.length).toBeGreaterThan(0);
    expect(server.heard.every((request) => request.endsWith(` Bearer ${KEY}`))).toBe(true);
    expect(elsewhere.heard).toEqual([]);
    expect(said).toContain(`${status} The server is at another address.`);
    expect(said).not.toContain(KEY);
  }
});

test('every page is asked for, by a command that lists from an offset and by one that lists after an entry', async () => {
  const pages: Record<string, unknown> = {
    '/v1/catalog/unlisted?category=phone&limit=1000&offset=0': { rows: [{ n: 1 }, { n: 2 }], next: 2 },
    '/v1/catalog/unlisted?category=phone&limit=1000&offset=2': { rows: [{ n: 3 }], next: null },
    '/v1/audit?limit=1000&after=0': { entries: [{ seq: 1 }], next: 1 },
    '/v1/audit?limit=1000&after=1': { entries: [{ seq: 2 }], next: null },
  };
  const server = await listen((path) => ({ status: pages[path] ? 200 : 404, body: pages[path] ?? { detail: path } }));
  expect(await run('catalog', server.url, 'unlisted', '--category', 'phone')).toBe(0);
  expect(said).toBe('{"n":1}\n{"n":2}\n{"n":3}\n');
  expect(await run('audit', server.url, 'list', '--json')).toBe(0);
  expect(said).toBe('{"seq":1}\n{"seq":2}\n');
});

test('what the server says is at fault is told, fault by fault', async () => {
  const errors = [{ pointer: '/to/model', reason: 'not-a-name' }, { reason: 'odd' }];
  const server = await listen(() => ({ status: 400, body: { detail: 'The body is not as expected.', errors } }));
  expect(await run('keys', server.url, 'list')).toBe(1);
  expect(said).toBe('400 The body is not as expected.\n  /to/model not-a-name\n  odd\n');
});

test('where nothing listens, that is said', async () => {
  const { url } = await listen(() => ({ status: 200 }));
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await run('ledger', url)).toBe(1);
  expect(said).toContain('No server answers there');
});

test('who cannot go on without an answer asks again where that does no harm, and is told what was the matter', async () => {
  let asked = 0;
  const server = await listen(() =>
    ++asked === 3 ? { status: 200 } : { status: 503, body: { type: '/problems/b', detail: 'd3tail' } },
  );
  const client = new ApiClient(`${server.url}/`, KEY);
  expect((await client.demand('GET', '/v1/periods?secret=x')).status).toBe(200);
  expect(server.heard).toEqual(Array(3).fill(`GET /v1/periods?secret=x Bearer ${KEY}`));
  await expect(client.demand('POST', '/v1/keys?secret=x')).rejects.toThrow(/^POST \/v1\/keys was answered 503 b$/);
  expect(server.heard).toHaveLength(4);
  await new Promise((resolve) => {
    servers[0]?.closeAllConnections();
    servers.pop()?.close(resolve);
  });
  await expect(client.demand('POST', '/v1/keys')).rejects.toThrow(/^POST \/v1\/keys was not answered$/);
});
