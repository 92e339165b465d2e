import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { CLOSING_TIMES, type ClosingTimes } from '../../services/http/closing.ts';
import { buildHttp } from '../../services/http/server.ts';

const quiet = () => {};
const WHOLE = 'GET /whole HTTP/1.1\r\nHost: rollcall\r\n\r\n';
const POST = 'POST /echo HTTP/1.1\r\nHost: rollcall\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n';

/** A server whose answer to /slow waits for `finish`. */
async function listening(closing: ClosingTimes = CLOSING_TIMES) {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const app = buildHttp({
    log: { info: quiet, warn: quiet, error: quiet },
    maxWireBytes: 1024,
    maxInflatedBytes: 1024,
    closing,
  });
  app.get('/whole', () => 'whole');
  app.get('/slow', () => finished.then(() => 'slow'));
  app.post('/echo', ({ body }) => (body as Buffer).toString());
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    app.server.closeAllConnections();
  });
  return { app, finish };
}

/** A connection and everything that came over it until its end. */
function client(app: FastifyInstance): { socket: Socket; all: Promise<string> } {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const all = new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
  });
  // A reset before the test asks is still seen when it asks.
  all.catch(() => {});
  return { socket, all };
}

/** A connection that the server has taken, after what the client sends first. */
async function taken(app: FastifyInstance, first = '') {
  const known = once(app.server, 'connection');
  const made = client(app);
  await known;
  if (first !== '') {
    const [accepted] = (await known) as [Socket];
    const read = once(accepted, 'data');
    made.socket.write(first);
    await read;
  }
  return made;
}

const answered = (text: string, body: string) => {
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(text.toLowerCase()).toContain('\r\nconnection: close\r\n');
  expect(text.endsWith(body), text).toBe(true);
};

test('a request is answered that is sent over an open connection just as the server begins to close', async () => {
  const { app } = await listening();
  const { socket, all } = await taken(app);
  const closed = app.close();
  socket.write(`${POST}sent`);
  answered(await all, 'sent');
  await closed;
});

test('a request is answered whose connection is made just as the server begins to close', async () => {
  const { app } = await listening();
  const closed = app.close();
  const { socket, all } = client(app);
  socket.write(`${POST}late`);
  answered(await all, 'late');
  await closed;
});

test('a request is answered of which half had come, and one that comes while an answer is under way', async () => {
  const { app, finish } = await listening();
  const half = await taken(app, POST.slice(0, 30));
  const slow = await taken(app, 'GET /slow HTTP/1.1\r\nHost: rollcall\r\n\r\n');
  const closed = app.close();
  half.socket.write(`${POST.slice(30)}half`);
  answered(await half.all, 'half');
  finish();
  answered(await slow.all, 'slow');
  await closed;
});

test('a connection that is kept alive may send once more while the server lingers', async () => {
  const { app } = await listening();
  const { socket, all } = client(app);
  const first = once(socket, 'data');
  socket.write(WHOLE);
  await first;
  const closed = app.close();
  socket.write(`${POST}more`);
  const [kept, last] = (await all).split(/(?<=\r\n\r\nwhole)/) as [string, string];
  expect(kept).toMatch(/\r\nconnection: keep-alive\r\n/i);
  answered(last, 'more');
  await closed;
});

test('clients that send nothing, half a head, or nothing more do not hold the server', async () => {
  const { app } = await listening();
  const silent = await taken(app);
  const half = await taken(app, WHOLE.slice(0, 20));
  const kept = await taken(app, WHOLE);
  await app.close();
  expect(await silent.all).toBe('');
  expect(await half.all).toBe('');
  expect(await kept.all).toMatch(/whole$/);
});

test('an answer that does not come, and a body that does not come to its end, do not hold the server for ever', async () => {
  const { app } = await listening({ lingerMs: 1, silentMs: 1, stuckMs: 300, answeringMs: 300 });
  const slow = await taken(app, 'GET /slow HTTP/1.1\r\nHost: rollcall\r\n\r\n');
  const body = await taken(app, `${POST}ha`);
  await app.close();
  expect([await slow.all, await body.all]).toEqual(['', '']);
});

test('a server that never listened closes at once', async () => {
  const app = buildHttp({
    log: { info: quiet, warn: quiet, error: quiet },
    maxWireBytes: 1024,
    maxInflatedBytes: 1024,
    closing: { lingerMs: 1e9, silentMs: 1, stuckMs: 1, answeringMs: 1 },
  });
  await app.ready();
  await app.close();
});
