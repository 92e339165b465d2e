import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { createMonthTable } from '../../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import { pause } from '../../services/shared/clock.ts';
import type { ClickHouseHttp } from '../support/clickhouse-http/start-clickhouse-http.ts';
import { notOurs, useTestDatabase } from '../support/clickhouse-http/test-database.ts';
import { type CountStore, countStoreOver } from '../support/count-store.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import { freePort } from '../support/free-port.ts';
import { SOON } from '../support/patience.ts';
import type { SaidBySite } from '../support/site-oracle.ts';
import { blockOfWords, canary, describeCountStore, everyQuery, fleet, NOVEMBER, sites } from './count-store.suite.ts';

const { at, database, server } = useTestDatabase();

function openStore(url: string): CountStore {
  return countStoreOver(openServerClients(url));
}

// The database does not exist before: the first migration creates it.
describeCountStore({
  name: 'http',
  open: async () => openServerClients(at(`/${database}`)),
  directory: () => server()?.directory ?? null,
});

test('the same facts give byte-identical pages over HTTP and in the process (http, chdb)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-contract-'));
  const [over, within] = [openStore(at(`/${database}`)), countStoreOver(await openEmbeddedClients(directory))];
  try {
    const pages = await Promise.all(
      [over, within].map(async (store) => {
        await store.migrate();
        await store.destroyFacts(NOVEMBER);
        await store.insertFacts([blockOfWords(NOVEMBER, fleet())]);
        const order = { period: NOVEMBER, threshold: 5, catalogue: 'both', takenAt: Date.now() } as const;
        const snapshot = await store.takeSnapshot({ ...order, guard: 'exact' });
        return JSON.stringify(await Promise.all(everyQuery(snapshot!).map((one) => store.counts(one))));
      }),
    );
    expect(pages[0]!.length).toBeGreaterThan(10_000);
    expect(pages[0]).toBe(pages[1]);
  } finally {
    await Promise.all([over.close(), within.close()]);
    rmSync(directory, { recursive: true, force: true });
  }
});

describe.skipIf(notOurs)(notOurs ?? 'with a server that may be stopped', () => {
  const running = () => server() as ClickHouseHttp;

  test('kill -9 of the server right after an insert resolved loses nothing (http)', async () => {
    const store = openStore(at('/killed'));
    await store.migrate();
    for (const round of [1, 2]) {
      await store.insertFacts([blockOfWords(NOVEMBER, sites((round - 1) * 50, round * 50))]);
      await running().kill();
      await running().restart();
      const order = { period: NOVEMBER, threshold: 5, catalogue: 'c', takenAt: Date.now() } as const;
      expect((await store.takeSnapshot({ ...order, guard: 'exact' }))?.sites).toBe(round * 50);
    }
    await store.close();
  });

  test('a server that is down makes calls fail soon and retryably, and they work when it is back (http)', async () => {
    const store = openStore(at('/down'));
    await store.migrate();
    await running().kill();
    const unavailable = { code: 'store-unavailable', retryable: true, message: 'store-unavailable' };
    const begun = performance.now();
    await expect(store.check()).rejects.toMatchObject(unavailable);
    await expect(store.insertFacts([blockOfWords(NOVEMBER, sites(0, 9))])).rejects.toMatchObject(unavailable);
    await expect(store.destroyFacts(NOVEMBER)).rejects.toMatchObject(unavailable);
    await expect(store.migrate()).rejects.toMatchObject(unavailable);
    expect(performance.now() - begun).toBeLessThan(60_000);
    const insert = store.insertFacts([blockOfWords(NOVEMBER, sites(0, 9))]).catch(() => 'failed');
    await running().restart();
    if ((await insert) === 'failed') await store.insertFacts([blockOfWords(NOVEMBER, sites(0, 9))]);
    expect(await store.factPeriods()).toEqual([NOVEMBER]);
    await store.close();
  });

  test('a server that hangs is a timeout, and calls that waited for it go on (http)', async () => {
    const [patient, impatient] = [openStore(at('/hung')), openStore(at('/hung?request_timeout=700'))];
    await patient.migrate();
    await vi.waitFor(() => impatient.check(), SOON);
    running().pause();
    const waiting = patient.insertFacts([blockOfWords(NOVEMBER, sites(0, 9))]);
    const begun = performance.now();
    await expect(impatient.check()).rejects.toMatchObject({
      code: 'store-unavailable',
      retryable: true,
      detail: { code: 'timeout' },
    });
    expect(performance.now() - begun).toBeLessThan(30_000);
    await pause(1_500);
    running().resume();
    await waiting;
    expect(await patient.factPeriods()).toEqual([NOVEMBER]);
    await vi.waitFor(() => impatient.check(), SOON);
    await Promise.all([patient.close(), impatient.close()]);
  });

  test('a wrong password is denied, without a word of it (http)', async () => {
    const url = new URL(at('/default'));
    url.password = 'Geheimnis';
    const store = openStore(url.toString());
    const failure = await store.check().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'store-denied', retryable: false, detail: { code: '516' } });
    expect(`${(failure as Error).stack}${JSON.stringify(failure)}`).not.toContain('Geheimnis');
    await store.close();
  });
});

test('neither facts nor messages reach the output of this process (http)', async () => {
  const written: string[] = [];
  const spies = (['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...said) => void written.push(JSON.stringify(said))),
  );
  try {
    const secret = canary();
    const { write } = openServerClients(at(`/${database}?request_timeout=30000`));
    await createMonthTable(write, 'facts', NOVEMBER);
    await expect(write.insertLines('facts_202611', [Buffer.from(`[202611,"${secret}"\n`)])).rejects.toThrow(
      'store-rejected',
    );
    await expect(write.rows(`SELECT '${secret}' FROM nowhere`)).rejects.toThrow('store-unavailable');
    await write.close();
    expect(written).toEqual([]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});

type Step = 'break' | 'busy' | 'refuse' | 'answer';

/** A server of the test's own that says what it was asked, and answers, refuses or breaks the connection as told. */
async function scripted(
  step: (statement: string, url: URL) => Step,
): Promise<{ url: string; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const fake = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const gzip = request.headers['content-encoding'] === 'gzip';
      const statement = url.searchParams.get('query') ?? (gzip ? gunzipSync(body) : body).toString();
      asked.push(statement);
      const next = step(statement, url);
      if (next === 'break') request.socket.destroy();
      else if (next === 'busy') response.writeHead(503).end('<html>busy</html>');
      else if (next === 'answer') response.end(/ AS basis\n/.test(statement) ? '{"basis":"1:2"}\n' : '');
      else
        response
          .writeHead(500, { 'X-ClickHouse-Exception-Code': '242' })
          .end('Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)');
    });
  });
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(fake.address() as AddressInfo).port}`;
  return { url, asked, close: () => void fake.close() };
}

const inOrder = (...steps: Step[]) => {
  return () => steps.shift() ?? 'answer';
};

test('reads, inserts of facts and dropped partitions are asked again, at most twice (http)', async () => {
  const calls: ((store: CountStore) => Promise<unknown>)[] = [
    (store) => store.check(),
    (store) => store.insertFacts([blockOf(NOVEMBER, linesOf(NOVEMBER, sites(0, 1)[0] as SaidBySite).slice(0, 1))]),
    (store) => store.destroyFacts(NOVEMBER),
  ];
  for (const call of calls) {
    const healed = await scripted(inOrder('break', 'busy', 'answer'));
    const store = openStore(healed.url);
    await call(store);
    // What follows an answer is another question.
    expect(healed.asked.slice(0, 3)).toEqual(Array.from({ length: 3 }, () => healed.asked[0]));
    expect(healed.asked.filter((one) => one === healed.asked[0])).toHaveLength(3);
    await store.close();
    healed.close();
    const down = await scripted(inOrder('break', 'break', 'break', 'answer'));
    const other = openStore(down.url);
    await expect(call(other)).rejects.toMatchObject({ code: 'store-unavailable', retryable: true });
    expect(down.asked).toHaveLength(3);
    await other.close();
    down.close();
  }
});

test('what the server itself refuses is not asked again (http)', async () => {
  const fake = await scripted(inOrder('refuse', 'answer'));
  const store = openStore(fake.url);
  await expect(store.insertFacts([blockOfWords(NOVEMBER, sites(0, 3))])).rejects.toMatchObject({
    code: 'store-unavailable',
    detail: { code: '242', type: 'TABLE_IS_READ_ONLY' },
  });
  expect(fake.asked).toHaveLength(1);
  await store.close();
  fake.close();
});

test('an insert of a snapshot is never asked again, and a fresh attempt has a fresh id (http)', async () => {
  const ids: (string | null)[] = [];
  const fake = await scripted((statement, url) => {
    if (!/^\s*INSERT INTO cube/.test(statement)) return 'answer';
    ids.push(url.searchParams.get('param_snapshot'));
    return 'break';
  });
  const store = openStore(fake.url);
  for (const attempt of [0, 1, 2]) {
    const order = { period: NOVEMBER, threshold: 5, catalogue: 'c', takenAt: 1_000 + attempt } as const;
    await expect(store.takeSnapshot({ ...order, guard: 'exact' })).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(ids).toHaveLength(attempt + 1);
  }
  expect(new Set(ids).size).toBe(3);
  await store.close();
  fake.close();
});

test('a store is opened without a server, and a port on which nobody listens is a failure that may pass (http)', async () => {
  const store = openStore(`http://rollcall:secret@127.0.0.1:${await freePort()}/rollcall`);
  await expect(store.check()).rejects.toMatchObject({ code: 'store-unavailable', retryable: true });
  await store.close();
});

describe.skipIf(notOurs)(notOurs ?? 'the test server itself', () => {
  const ask = (path: string, body: string, headers: Record<string, string> = {}) => {
    const url = new URL(at('/'));
    const authorization = `Basic ${Buffer.from(`${url.username}:${decodeURIComponent(url.password)}`).toString('base64')}`;
    return fetch(`${url.origin}${path}`, { method: 'POST', body, headers: { authorization, ...headers } });
  };

  test('runs one statement a request, and rows are never a statement', async () => {
    const two = await ask('/', 'SELECT 1; DROP DATABASE default');
    expect([two.status, two.headers.get('x-clickhouse-exception-code')]).toEqual([400, '62']);
    expect(await (await ask('/', "SELECT ';--' AS a -- ; here\n;")).text()).toBe(';--\n');
    await ask('/', 'CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n');
    const rows = await ask('/?query=INSERT+INTO+t+FORMAT+JSONCompactEachRow', '[1]\n\n; DROP TABLE t');
    expect([rows.status, rows.headers.get('x-clickhouse-exception-code')]).toEqual([400, '27']);
    const good = await ask('/', 'INSERT INTO t FORMAT JSONCompactEachRow\n[1]\n[2]\n');
    expect([good.status, good.headers.get('x-clickhouse-summary')]).toEqual([
      200,
      expect.stringContaining('read_rows'),
    ]);
    expect(await (await ask('/', 'SELECT sum(n) FROM t')).text()).toBe('3\n');
    await ask('/', 'DROP TABLE t');
  });

  test('a setting lasts for its request, and an unknown one is refused', async () => {
    const seen = async (settings: string) =>
      (await ask(`/?${settings}`, "SELECT toUInt64(1) AS n, getSetting('max_threads') AS t FORMAT JSONEachRow")).text();
    const before = await seen('');
    expect(await seen('output_format_json_quote_64bit_integers=1&max_threads=1')).toBe('{"n":"1","t":1}\n');
    expect(await seen('')).toBe(before);
    const unknown = await ask('/?no_such_setting=1', 'SELECT 1');
    expect([unknown.status, unknown.headers.get('x-clickhouse-exception-code')]).toEqual([404, '115']);
  });

  test('asks for the password and answers a ping without one', async () => {
    const { origin, username, password } = new URL(at('/'));
    expect(await (await fetch(`${origin}/ping`)).text()).toBe('Ok.\n');
    expect((await fetch(`${origin}/`, { method: 'POST', body: 'SELECT 1' })).status).toBe(403);
    const headers = { 'x-clickhouse-user': username, 'x-clickhouse-key': decodeURIComponent(password) };
    const answer = await fetch(`${origin}/?query=SELECT+1&query_id=q7`, { headers });
    expect([await answer.text(), answer.headers.get('x-clickhouse-query-id')]).toEqual(['1\n', 'q7']);
    expect((await fetch(`${origin}/?query=CREATE+DATABASE+x`, { headers })).status).toBe(500);
  });

  test('takes an insert in chunks and keeps the connection', async () => {
    const { hostname, port, username, password } = new URL(at('/'));
    const socket = connect(Number(port), hostname);
    const answers: string[] = [];
    socket.on('data', (chunk) => answers.push(chunk.toString('latin1')));
    const auth = Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64');
    const send = async (query: string, chunks: string[]) => {
      socket.write(
        `POST /?query=${encodeURIComponent(query)} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${auth}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      for (const chunk of chunks) {
        socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
        await pause(20);
      }
      const seen = answers.length;
      socket.write('0\r\n\r\n');
      await vi.waitFor(() => expect(answers.length).toBeGreaterThan(seen), SOON);
      await pause(50);
      return answers.slice(seen).join('');
    };
    expect(await send('CREATE TABLE chunks (n UInt32) ENGINE = MergeTree ORDER BY n', [])).toContain('200 OK');
    expect(await send('INSERT INTO chunks FORMAT JSONCompactEachRow', ['[1]\n[', '2]', '\n[3]\n'])).toContain('200 OK');
    expect(await send('SELECT sum(n) FROM chunks', [])).toMatch(/Keep-Alive: timeout=3[\s\S]*\r\n6\n/i);
    socket.destroy();
    await ask('/', 'DROP TABLE chunks');
  });
});
