import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { eventually, post, reportOf } from '../support/client.ts';
import { SOON } from '../support/patience.ts';
import { timesIn, timesInMemory } from '../support/process-memory.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

/** In every token of this test and nowhere else, so that one look finds any of them, whole or in part. */
const MARK = 'mEmOrYmArK_';
const SCHEMA = 'rollcall.report/1';
const token = () => `${randomBytes(9).toString('hex')}${MARK}${randomBytes(9).toString('hex')}`;
const body = (more = {}) => JSON.stringify(reportOf({ token: token(), ...more }));

const long = () => ({
  devices: Array.from({ length: 300 }, (_, i) => ({
    category: 'phone' as const,
    ...{ vendor: 'Yealink', model: `SIP-T46S ${i}`, count: 1 },
  })),
});
const escaped = (text: string) =>
  text.replace(/"token":"([^"]+)"/, (_, spelled: string) => {
    const units = Array.from(spelled, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    return `"\\u0074oken":"${units.join('')}"`;
  });

/** Every way that a report may come and be taken, each with what is answered. */
const TAKEN: readonly (readonly [string, (url: string) => Promise<number>])[] = [
  ['as it is', (url) => send(url, body())],
  ['long', (url) => send(url, body(long()))],
  ['with its token last', (url) => send(url, JSON.stringify({ ...reportOf(), token: token() }))],
  ['with its token escaped', (url) => send(url, escaped(body()))],
  ['as gzip', (url) => send(url, gzipSync(body()), { 'content-encoding': 'gzip' })],
  ['long as gzip', (url) => send(url, gzipSync(body(long())), { 'content-encoding': 'gzip' })],
  ['in pieces', (url) => inPieces(url, body())],
  ['withdrawn', (url) => send(url, body({ withdraw: true }))],
  ['asked for', (url) => ask(url, JSON.stringify({ ...reportOf({ token: token() }), sequence: undefined }))],
];

const REFUSED: readonly (readonly [string, number, (url: string) => Promise<number>])[] = [
  ['unknown key', 400, (url) => send(url, JSON.stringify({ ...reportOf({ token: token() }), more: 1 }))],
  ['wrong field', 400, (url) => send(url, body({ sequence: 0 }))],
  ['cut', 400, (url) => send(url, body().slice(0, -3))],
  ['no JSON', 400, (url) => send(url, `{"token" "${token()}"}`)],
  ['not UTF-8', 400, (url) => send(url, Buffer.from(`\xff${token()}`, 'latin1'))],
  ['token twice', 400, (url) => send(url, `{"token":"${token()}",${body().slice(1)}`)],
  ['token too long', 400, (url) => send(url, body({ token: token() + token() + token() }))],
  ['token of other characters', 400, (url) => send(url, body({ token: `${token()} é` }))],
  ['closed period', 422, (url) => send(url, body({ period: '2020-01' }))],
  ['too large', 413, (url) => send(url, body().padEnd(70_000))],
  ['no type', 415, (url) => send(url, body(), { 'content-type': 'text/plain' })],
  ['no encoding', 415, (url) => send(url, body(), { 'content-encoding': 'br' })],
  ['broken gzip', 400, (url) => send(url, Buffer.from(body()), { 'content-encoding': 'gzip' })],
  ['nowhere', 404, async (url) => (await fetch(`${url}/v1/report`, { method: 'POST', body: body() })).status],
];

async function send(url: string, sent: string | Uint8Array, headers: Record<string, string> = {}): Promise<number> {
  const response = await post(url, sent, headers);
  await response.arrayBuffer();
  return response.status;
}

/** What is held under a token: 202 where that was answered, as for a report. */
async function ask(url: string, sent: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/reports/held`, { method: 'POST', headers, body: sent });
  await response.arrayBuffer();
  return response.status === 200 ? 202 : response.status;
}

/** Each piece as a packet of its own, the token cut in the middle. */
async function inPieces(url: string, sent: string): Promise<number> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay(true);
  socket.write(
    `POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${sent.length}\r\nConnection: close\r\n\r\n`,
  );
  const middle = sent.indexOf(MARK) + 4;
  for (const piece of [sent.slice(0, middle), sent.slice(middle, middle + 3), sent.slice(middle + 3)]) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Number(/^HTTP\/1\.1 (\d+)/.exec((await socket.toArray()).join(''))?.[1]);
}

/** Half of a report, then the client is gone. */
async function hangUp(url: string): Promise<void> {
  const sent = body();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    `POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${sent.length}\r\n\r\n${sent.slice(0, -9)}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
}

const REPORTS = 200;

test('after 200 reports no token is in the memory of the server, in no buffer, string or freed place', async () => {
  const diagnostics = temporaryDirectory();
  const { url, pid } = await startRollcall(temporaryDirectory(), {
    NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${diagnostics}`,
  });
  for (let i = 0; i < REPORTS; i++) {
    const [name, report] = TAKEN[i % TAKEN.length]!;
    expect(await report(url), name).toBe(202);
  }
  expect(timesInMemory(pid, SCHEMA), 'the look bites').toBeGreaterThan(0);
  await untilForgotten(pid, 'of reports that were taken');

  for (const [name, status, report] of REFUSED) expect(await report(url), name).toBe(status);
  for (let i = 0; i < 5; i++) await hangUp(url);
  await untilForgotten(pid, 'of reports that were refused, and of clients that went');

  process.kill(pid, 'SIGUSR2');
  const snapshot = await snapshotIn(diagnostics);
  expect(timesIn(snapshot, Buffer.from(SCHEMA)), 'the look bites').toBeGreaterThan(0);
  expect(timesIn(snapshot, Buffer.from(MARK))).toBe(0);
});

/** An answer is on its way before the last buffer of its request is wiped, and a client's end is heard of a moment later. */
async function untilForgotten(pid: number, of: string): Promise<void> {
  await vi.waitFor(() => expect(timesInMemory(pid, MARK), of).toBe(0), { ...SOON, interval: 500 });
}

/** The heap snapshot that the process writes there, when it is whole. */
function snapshotIn(directory: string): Promise<Buffer> {
  const written = () => {
    const name = readdirSync(directory).find((file) => file.endsWith('.heapsnapshot'));
    return name === undefined ? Buffer.alloc(0) : readFileSync(join(directory, name));
  };
  return eventually(
    async () => written(),
    (bytes) => /\]\}\s*$/.test(bytes.subarray(-16).toString('latin1')),
  );
}
