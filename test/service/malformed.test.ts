import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Door } from '../../services/http/limits/door.ts';
import { buildHttp, type HttpOptions, SECURITY_HEADERS } from '../../services/http/server.ts';
import { silentLog } from '../../services/shared/log.ts';
import { SOON } from '../support/patience.ts';

/** A server with one route for GET and one for POST, and its port. */
async function serve(more: Partial<HttpOptions> = {}) {
  const app = buildHttp({ log: silentLog, maxWireBytes: 1024, maxInflatedBytes: 1024, ...more });
  let answered = 0;
  app.get('/things/:name', async () => ({ answered: ++answered }));
  app.post('/v1/reports', async () => ({ taken: true }));
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, answered: () => answered };
}

/** Everything that a server answers to the bytes, until it ends the connection. */
async function answerTo(bytes: string): Promise<string> {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return (await socket.toArray()).join('');
}

const HOST = 'Host: rollcall\r\nConnection: close\r\n';
const json = (type: string) =>
  `POST /v1/reports HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\nContent-Length: 2\r\n\r\n{}`;

test.each([
  ['what is no HTTP', 'canary canary\r\n\r\n', 400, 'bad-request'],
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\nHost: rollcall\r\nCanary: ${'canary'.repeat(5_000)}\r\n\r\n`,
    ...([431, 'bad-request'] as const),
  ],
  ['a broken escape in the path', `GET /canary%zz HTTP/1.1\r\n${HOST}\r\n`, 400, 'bad-request'],
  [
    'an expectation that nobody meets',
    `GET /canary HTTP/1.1\r\n${HOST}Expect: canary\r\n\r\n`,
    417,
    'expectation-failed',
  ],
  ['a request without Host', 'GET /canary HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
  ['a request with two', `GET /canary HTTP/1.1\r\nHost: canary\r\n${HOST}\r\n`, 400, 'bad-request'],
  ['CONNECT', 'CONNECT canary:443 HTTP/1.1\r\nHost: canary\r\n\r\n', 405, 'method-not-allowed'],
  ['JSON in UTF-16', json('application/json; charset=utf-16'), 415, 'unsupported-charset'],
  ['JSON in quoted ISO-8859-1', json('application/json;CHARSET="iso-8859-1"'), 415, 'unsupported-charset'],
  ['a path that has other methods', `DELETE /things/canary?x HTTP/1.1\r\n${HOST}\r\n`, 405, 'method-not-allowed'],
])('%s is answered as a problem with the headers of every answer, and not repeated', async (...shape) => {
  const [, bytes, status, type] = shape;
  const answer = await answerTo(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect(head.toLowerCase()).toContain(`${name}: ${value}`);
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  expect(JSON.parse(body)).toMatchObject({ type: `/problems/${type}`, status });
  expect(answer).not.toContain('canary');
});

test.each([
  ['HTTP/1.0 needs no Host', 'GET /things/a HTTP/1.0\r\n\r\n'],
  ['JSON in UTF-8, in any spelling', json('Application/JSON ; charset="UTF-8"')],
  ['JSON with another parameter', json('application/json;v=1')],
])('%s', async (_what, bytes) => {
  expect(await answerTo(bytes)).toMatch(/^HTTP\/1\.1 200 /);
});

test('a path with other methods says which; one that no route has is not found', async () => {
  expect(await answerTo(`POST /things/a HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/\r\nallow: GET, HEAD\r\n/i);
  expect(await answerTo(`GET /v1/reports HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/\r\nallow: POST\r\n/i);
  expect(await answerTo(`GET /v1/report HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
  // Longer than any name.
  expect(await answerTo(`GET /things/${'a'.repeat(200)} HTTP/1.1\r\n${HOST}\r\n`)).toMatch(/^HTTP\/1\.1 414 /);
});

test('one connection more than an address may have is refused, and taken when another one has ended', async () => {
  const { port } = await serve({ connections: { perAddress: 3, isExempt: () => false } });
  const held = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
  for (const socket of held) {
    socket.write('GET /things/a HTTP/1.1\r\nHost: rollcall\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
  }
  const refused = (await connect(port, '127.0.0.1').toArray()).join('');
  expect(refused).toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after: 5\r\n[\s\S]*too-many-connections/);
  held[0]?.destroy();
  const ask = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`GET /things/a HTTP/1.1\r\n${HOST}\r\n`);
    return (await socket.toArray().catch(() => [])).join('');
  };
  await expect.poll(ask).toMatch(/^HTTP\/1\.1 200 /);
  for (const socket of held) socket.destroy();
});

test('an address that many come through has as many as it likes', async () => {
  const { port } = await serve({ connections: { perAddress: 1, isExempt: (address) => address === '127.0.0.1' } });
  const held = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
  for (const socket of held) {
    socket.write('GET /things/a HTTP/1.1\r\nHost: rollcall\r\n\r\n');
    const answer = await new Promise((resolve) => socket.once('data', resolve));
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  }
});

test('a connection that asks a thousand times and fetches nothing is ended before that costs anything', async () => {
  const { port, answered } = await serve();
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  // Each asks with a body that is still to come: so none can be answered before the next is there.
  socket.write('GET /things/a HTTP/1.1\r\nHost: rollcall\r\n\r\n'.repeat(1_000));
  socket.resume();
  await closed;
  expect(answered()).toBeLessThan(1_000);
});

test('a refused body is overwritten although its answer waits behind one that is never given, and the client hangs up', async () => {
  const chunks: Buffer[] = [];
  const door = new Door();
  door.keep('POST', '/v1/reports', { isShut: () => true, turnedAway: () => {} });
  const app = buildHttp({ log: silentLog, maxWireBytes: 1024, maxInflatedBytes: 1024, door });
  app.get('/hangs', () => new Promise(() => {}));
  app.server.prependListener('request', (message: IncomingMessage) => {
    const push = message.push.bind(message);
    message.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk !== null) chunks.push(chunk);
      return push(chunk, encoding);
    };
  });
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  const body = '{"token":"canary-canary-canary"}';
  const head = 'Host: rollcall\r\nContent-Type: application/json';
  socket.write(
    `GET /hangs HTTP/1.1\r\nHost: rollcall\r\n\r\nPOST /v1/reports HTTP/1.1\r\n${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await vi.waitFor(() => expect(chunks).toHaveLength(1), SOON);
  socket.resetAndDestroy();
  await vi.waitFor(() => expect(chunks.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true), SOON);
});
