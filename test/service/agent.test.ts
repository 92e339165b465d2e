import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Report } from '../../schemas/report.ts';
import type { AgentDeps } from '../../services/agent/agent.ts';
import { type InventoryArgs, runInventory } from '../../services/agent/commands/inventory.ts';
import { takeInventory } from '../../services/agent/inventory.ts';
import { NotSent, type SendOptions, sendReport } from '../../services/agent/send.ts';
import { StateFile } from '../../services/agent/state/state-file.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { drawBytes } from '../../services/shared/random.ts';
import { plant } from '../fixtures/agent/plant.ts';
import { tinyIdentifier } from '../fixtures/agent/tiny-identifier.ts';

const clock = new SetClock(Date.UTC(2026, 10, 10, 12));
const RECEIPT = { accepted: 8, unlisted: 0, refused: [{ index: 3, reason: 'personal-data' }] };

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A service that gives its answers in turn, the last one for ever. */
async function service(...answers: ((res: ServerResponse) => void)[]) {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    received.push({ path: req.url ?? '', headers: req.headers, body: Buffer.concat(parts) });
    answers[Math.min(received.length, answers.length) - 1]!(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (res: ServerResponse): void =>
    void res.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

const accepted = answer(202, RECEIPT);

function patient(): { options: SendOptions; pauses: number[] } {
  const pauses: number[] = [];
  return { pauses, options: { clock, pause: async (ms) => void pauses.push(ms) } };
}

async function failure(promise: Promise<unknown>): Promise<NotSent> {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(NotSent);
  return thrown as NotSent;
}

describe('sending a report', () => {
  test('posts its bytes to the reports of the service and returns the receipt', async () => {
    const { url, received } = await service(accepted);
    expect(await sendReport('{"a":"ä"}\n', url)).toEqual(RECEIPT);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ path: '/v1/reports', headers: { 'content-type': 'application/json' } });
    expect(received[0]!.body.toString()).toBe('{"a":"ä"}\n');
  });

  test('takes a full address as it is', async () => {
    const { url, received } = await service(accepted);
    await sendReport('{}', `${url}/behind/proxy/v1/reports`);
    expect(received[0]!.path).toBe('/behind/proxy/v1/reports');
  });

  test('packs a long report: the same bytes come out', async () => {
    const { url, received } = await service(accepted);
    const text = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => n));
    await sendReport(text, url);
    expect(received[0]!.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(received[0]!.body).toString()).toBe(text);
  });

  test('waits as long as it is asked to, in seconds or until a date, and tries again', async () => {
    const date = new Date(clock.now() + 5000).toUTCString();
    const { url, received } = await service(
      answer(429, {}, { 'retry-after': '7' }),
      answer(503, {}, { 'retry-after': date }),
      answer(503, {}),
      accepted,
    );
    const { options, pauses } = patient();
    expect(await sendReport('{}', url, options)).toEqual(RECEIPT);
    expect(pauses).toEqual([7000, 5000, 1000]);
    expect(received).toHaveLength(4);
  });

  test('gives up after the attempts it has', async () => {
    const { url, received } = await service(answer(503, { type: '/problems/log-full' }, { 'retry-after': '0' }));
    const thrown = await failure(sendReport('{}', url, { ...patient().options, maxAttempts: 3 }));
    expect(thrown).toMatchObject({
      code: 'try-later',
      retryable: true,
      problem: { status: 503, type: '/problems/log-full' },
    });
    expect(received).toHaveLength(3);
  });

  test('gives up at once when asked for more patience than it has', async () => {
    const { url, received } = await service(answer(429, {}, { 'retry-after': '86400' }));
    const { options, pauses } = patient();
    expect((await failure(sendReport('{}', url, options))).code).toBe('try-later');
    expect([received.length, pauses]).toEqual([1, []]);
  });

  test('says why a report was refused, by pointer and reason, and repeats nothing else', async () => {
    const problem = {
      type: 'https://rollcall.example/problems/invalid-report',
      title: 'SECRET title',
      detail: 'SECRET \u001b[2J',
      errors: [{ pointer: '/devices/3/count', reason: 'too-big', value: 'SECRET' }],
    };
    const { url, received } = await service(answer(400, problem));
    const thrown = await failure(sendReport('{}', url, patient().options));
    expect(thrown).toMatchObject({
      code: 'refused',
      retryable: false,
      problem: { status: 400, type: problem.type, errors: [{ pointer: '/devices/3/count', reason: 'too-big' }] },
    });
    expect(JSON.stringify([thrown.message, thrown.problem, thrown.detail])).not.toContain('SECRET');
    expect(received).toHaveLength(1);
  });

  test.each([
    ['odd texts', answer(400, { type: 'X SECRET\u001b', errors: [{ pointer: 'SECRET', reason: 'SECRET' }] })],
    ['no JSON', answer(500, '<h1>SECRET</h1>')],
    ['nothing', answer(413, '')],
    ['too much', answer(400, 'SECRET'.repeat(100_000))],
  ])('an answer of %s leaves the status', async (_, odd) => {
    const { url } = await service(odd);
    const thrown = await failure(sendReport('{}', url));
    expect(Object.keys(thrown.problem ?? {})).toEqual(['status']);
  });

  test('does not follow a redirect: the token is for one address', async () => {
    const elsewhere = await service(accepted);
    const { url } = await service(answer(307, '', { location: elsewhere.url }));
    expect((await failure(sendReport('{}', url))).code).toBe('redirected');
    expect(elsewhere.received).toHaveLength(0);
  });

  test('does not take any 202 for a receipt', async () => {
    const { url } = await service(answer(202, { accepted: 'all' }));
    expect((await failure(sendReport('{}', url))).code).toBe('not-a-receipt');
  });

  test('tries again when the connection breaks, and sends the same bytes', async () => {
    const { url, received } = await service((res) => res.destroy(), accepted);
    expect(await sendReport('{"x":1}', url, patient().options)).toEqual(RECEIPT);
    expect(received.map(({ body }) => body.toString())).toEqual(['{"x":1}', '{"x":1}']);
  });

  test('ends when nobody answers', async () => {
    const { url } = await service(() => undefined);
    const thrown = await failure(sendReport('{}', url, { ...patient().options, timeoutMs: 50, maxAttempts: 2 }));
    expect(thrown).toMatchObject({ code: 'unreachable', retryable: true });
  });
});

describe('rollcall inventory', () => {
  const plain = fileURLToPath(new URL('../fixtures/agent/plain.txt', import.meta.url));

  async function run(args: InventoryArgs & { readonly platform?: string }, send: SendOptions = {}) {
    const root = plant('supermicro');
    closers.push(() => rmSync(root, { recursive: true, force: true }));
    const { registrations, platform } = args;
    const given = { ...(registrations ? { registrations } : {}), ...(platform ? { platform } : {}) };
    const out: string[] = [];
    const err: string[] = [];
    const io = { stdout: (s: string) => void out.push(s), stderr: (s: string) => void err.push(s) };
    const deps: AgentDeps = {
      config: { pbxs: [{ name: 'local', local: true }] },
      file: new StateFile(join(root, 'state', 'state.json')),
      marks: { marks: ['machine a'], volume: false },
      clock,
      random: drawBytes,
      draw: () => 0,
      identifierOf: () => tinyIdentifier,
      collect: async () => takeInventory({ root, identifier: tinyIdentifier, clock, ...given }),
      send,
      say: (text) => void err.push(text),
    };
    const again = () => runInventory(args, io, deps);
    const code = await again();
    return { code, stdout: out.join(''), stderr: err.join(''), again, out, err };
  }

  test('prints a valid report on stdout and what is left out on stderr', async () => {
    const { code, stdout, stderr } = await run({ registrations: plain });
    expect(code).toBe(0);
    const report = Report.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ period: '2026-11', sequence: 1, platform: { name: 'FreePBX', version: '16' } });
    expect(report.devices).toContainEqual({ category: 'phone', vendor: 'Yealink', model: 'SIP-T33G', count: 2 });
    expect(stderr).toBe('platform: FreePBX 16; 10 models, 13 devices\nnot reported: 1 of endpoints (not-a-device)\n');
    expect(stdout + stderr).not.toContain('SECRET');
  });

  test('sends exactly what it prints', async () => {
    const { url, received } = await service(accepted);
    const { code, stdout, stderr } = await run({ registrations: plain, platform: 'FreePBX 17', send: url });
    expect(code).toBe(0);
    expect(received.map(({ body }) => body.toString())).toEqual([stdout]);
    expect(JSON.parse(stdout).platform).toEqual({ name: 'FreePBX', version: '17' });
    expect(stderr).toContain('sent: 8 accepted, 0 unlisted, 1 refused\nline 3: personal-data\n');
  });

  test('says that a report was not sent, and why', async () => {
    const { url } = await service(answer(422, { type: '/problems/period-not-open', detail: 'SECRET' }));
    const { code, stdout, stderr } = await run({ send: url });
    expect(code).toBe(1);
    expect(Report.safeParse(JSON.parse(stdout)).success).toBe(true);
    expect(stderr).toContain('not sent: refused 422 /problems/period-not-open ');
    expect(stderr).not.toContain('SECRET');
  });

  test('does not report a site without the phones that were to be in it', async () => {
    const { url, received } = await service(accepted);
    const { code, stdout, stderr } = await run({ registrations: '/nowhere', send: url });
    expect([code, stdout, received.length]).toEqual([2, '', 0]);
    expect(stderr).toContain('could not read: endpoints (missing)');
  });

  test('reads nothing when it could not send anyway', async () => {
    const { code, stdout, stderr } = await run({ send: 'ftp://example.org' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^not sent: not-a-url \(/);
  });
});
