import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as z from 'zod';
import type { Access } from '../../services/http/access.ts';
import { Door } from '../../services/http/limits/door.ts';
import { route } from '../../services/http/route.ts';
import { securityHeaders } from '../../services/http/security-headers.ts';
import { serveRoutes } from '../../services/http/serve-routes.ts';
import { buildHttp } from '../../services/http/server.ts';
import { Failure } from '../../services/shared/failure.ts';
import { silentLog } from '../../services/shared/log.ts';
import { SOON } from '../support/patience.ts';

const nobody: Access = { authenticate: async () => undefined };

/** A server whose only question is answered when the test says so. */
async function heldServer() {
  const app = buildHttp({ log: silentLog, maxWireBytes: 1024, maxInflatedBytes: 1024 });
  const held: (() => void)[] = [];
  let begun = 0;
  const question = route({
    method: 'GET',
    path: '/v1/counts',
    summary: 'A question to the store',
    allow: 'public',
    answer: z.unknown(),
    handle: () => {
      begun++;
      return new Promise<object>((resolve) => held.push(() => resolve({})));
    },
  });
  serveRoutes(app, [question], nobody);
  app.get('/livez', () => ({ live: true }));
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, held, begun: () => begun };
}

test('of 160 questions at once, those that cannot be answered in time are refused at once and may come again', async () => {
  const { url, held, begun } = await heldServer();
  const refused: Response[] = [];
  const began = performance.now();
  const all = Array.from({ length: 160 }, async () => {
    const answer = await fetch(`${url}/v1/counts`);
    if (answer.status === 503) refused.push(answer);
    return answer.status;
  });
  // Four are under way and 128 wait: the others are told although nothing has been answered yet.
  await vi.waitFor(() => expect(refused.length).toBeGreaterThanOrEqual(160 - 4 - 128), SOON);
  // Whoever has waited for five seconds is told too: on a machine that needs as long to send them all.
  if (performance.now() - began < 5_000) expect(refused).toHaveLength(160 - 4 - 128);
  expect(begun()).toBe(4);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused[0]?.json()).toMatchObject({ type: '/problems/busy', status: 503 });
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  const answering = setInterval(() => {
    for (const answer of held.splice(0)) answer();
  }, 1);
  const statuses = await Promise.all(all);
  clearInterval(answering);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  // Whoever waits is answered, unless the machine was so slow that it was too late for that.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
});

test('questions of those who have hung up are not asked', async () => {
  const { url, port, held, begun } = await heldServer();
  const running = Array.from({ length: 4 }, () => fetch(`${url}/v1/counts`));
  await vi.waitFor(() => expect(begun()).toBe(4), SOON);
  const gone = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
  for (const socket of gone) socket.write('GET /v1/counts HTTP/1.1\r\nHost: rollcall\r\n\r\n');
  // One more round trip: what was written before has arrived.
  await fetch(`${url}/livez`);
  for (const socket of gone) socket.destroy();
  await fetch(`${url}/livez`);
  for (const answer of held.splice(0)) answer();
  await Promise.all(running);
  const last = fetch(`${url}/v1/counts`);
  await vi.waitFor(() => expect(held.length).toBeGreaterThan(0), SOON);
  for (const answer of held.splice(0)) answer();
  expect((await last).status).toBe(200);
  expect(begun()).toBeLessThan(4 + 50);
});

test('what there is no place for is turned away before the framework, in the words of any other 503, and the connection stays', async () => {
  const door = new Door();
  const app = buildHttp({ log: silentLog, maxWireBytes: 1024, maxInflatedBytes: 1024, door });
  securityHeaders(app);
  let [shut, turnedAway, taken] = [true, 0, 0];
  door.keep('POST', '/v1/reports', { isShut: () => shut, turnedAway: () => void turnedAway++ });
  app.post('/v1/reports', () => ({ taken: ++taken }));
  // What the framework itself says when a lane is full.
  app.post('/v1/other', () => Promise.reject(new Failure('busy')));
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const [refused, other] = [await posted(agent, port, '/v1/reports'), await posted(agent, port, '/v1/other')];
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.text)).toMatchObject({ type: '/problems/busy', status: 503 });
  const { date: _, ...headers } = refused.headers;
  expect([refused.text, headers]).toEqual([other.text, expect.objectContaining(headers)]);
  shut = false;
  expect((await posted(agent, port, '/v1/reports')).status).toBe(200);
  expect([turnedAway, taken]).toEqual([1, 1]);
  expect(await new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)))).toBe(1);
});

test('beyond the most connections that a server holds one more is closed, and those that are there are served', async () => {
  const limits = { perAddress: 0, isExempt: () => false, most: 3 };
  const app = buildHttp({ log: silentLog, maxWireBytes: 1024, maxInflatedBytes: 1024, connections: limits });
  app.get('/livez', () => ({ live: true }));
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const sockets = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const fourth = connect(port, '127.0.0.1').on('error', () => {});
  await once(fourth, 'close');
  const [first] = sockets as [Socket];
  first.write('GET /livez HTTP/1.1\r\nHost: rollcall\r\n\r\n');
  expect(String(await once(first, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
});

function posted(agent: Agent, port: number, path: string) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on('error', reject).end('{"a":1}');
  });
}
