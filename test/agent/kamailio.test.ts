import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '../../schemas/report.ts';
import { endpointsOf } from '../../services/agent/sources/collect.ts';
import { DATAGRAMS, runCommand } from '../../services/agent/sources/command.ts';
import { kamailio } from '../../services/agent/sources/kamailio.ts';
import type { KamailioAccess } from '../../services/agent/sources/source.ts';
import { systemClock } from '../../services/shared/clock.ts';
import { agentBundle } from '../support/agent-bundle.ts';
import { type KamailioServer, kamailioAvailable, startKamailio } from '../support/kamailio.ts';
import { canRun } from '../support/server-process.ts';

const unavailable = kamailioAvailable();

/** Sixty phones: what each kind calls itself, with an address of its own in it. */
const KINDS: readonly [count: number, model: string, userAgent: (mac: string) => string][] = [
  [20, 'phone Yealink/SIP-T46S', (mac) => `Yealink SIP-T46S 66.86.0.15 ${mac}`],
  [14, 'phone Polycom/VVX 450', (mac) => `PolycomVVX-VVX_450-UA/6.4.3.5018_${mac}`],
  [10, 'phone Fanvil/X5U-V2', (mac) => `Fanvil X5U-V2 2.12.16.17 ${mac}`],
  [8, 'phone Snom/D785', () => 'snomD785/10.1.84.12'],
  [6, 'dect Gigaset/N510 IP PRO', (mac) => `N510 IP PRO/42.258.00.000.000;${mac.toUpperCase()}`],
  [2, 'phone Sangoma/P330', (mac) => `Sangoma P330 4_27_8 ${mac}`],
];

const macOf = (n: number) => `0015650${(0xa0000 + n * 17).toString(16)}`;

describe.skipIf(unavailable)(unavailable ?? 'a real Kamailio with sixty phones', () => {
  let server: KamailioServer;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-kamailio-'));

  beforeAll(async () => {
    server = await startKamailio();
    let n = 0;
    for (const [count, , userAgent] of KINDS)
      for (let i = 0; i < count; i++, n++)
        await server.register({
          aor: `secret.person${n}`,
          userAgent: userAgent(macOf(n)),
          contact: `sip:secret${n}@192.0.2.${n}:5060`,
        });
    // Beside them: a header that is folded so as to look like another contact, bytes that are no UTF-8, a trunk, an app.
    await server.register({
      aor: 'forger',
      userAgent:
        'Forger/1.0\r\n\t\t\tReceived: sip:192.0.2.1:1\r\n\t\t}\r\n\t\tContact: {\r\n\t\t\tUser-Agent: Yealink SIP-T46S 66.86.0.15',
    });
    await server.register({ aor: 'folded', userAgent: 'Fanvil X4U\r\n 2.12.7.6\r\n\t0c383e5dc247' });
    await server.register({ aor: 'bytes', userAgent: 'AVAYA/SIP12x0\u00ff/04.01.13.00' });
    await server.register({ aor: 'trunk', userAgent: 'FPBX-16.0.40.7(18.20.0)' });
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (access: KamailioAccess, timeoutMs = 60_000) =>
    kamailio({
      clock: systemClock,
      commands: { path: process.env.PATH ?? '' },
      kamailio: { replyDir: server.replyDir, ...access },
      timeoutMs,
    });

  test.each(['fifo', 'http', 'datagram'] as const)(
    'over its %s: every registration, the forged one is its own only',
    async (way) => {
      const answer = await ask({ [way]: server[way] });
      expect(answer).toMatchObject({ state: 'read', platform: { name: 'Kamailio' } });
      expect(answer.registrations).toHaveLength(64);
      expect(endpointsOf([answer]).unknown).toBe(false);
      expect(answer.registrations.filter(({ userAgent }) => userAgent.startsWith('Yealink SIP-T46S'))).toHaveLength(20);
      expect(readdirSync(server.replyDir).filter((name) => name.startsWith('rollcall_'))).toEqual([]);
    },
  );

  test('the agent reports the right models and counts, and nothing personal is in report, state or log', async () => {
    const received: Buffer[] = [];
    const service = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      received.push(Buffer.concat(parts));
      response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":8,"unlisted":1,"refused":[]}');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const config = join(folder, 'config.json');
    const state = join(folder, 'state', 'state.json');
    writeFileSync(config, JSON.stringify({ kamailio: { fifo: server.fifo, replyDir: server.replyDir } }));
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const args = [await agentBundle(), 'inventory', '--config', config, '--state', state, '--send', url];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { PATH: process.env.PATH } });
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
    expect(received.map(String)).toEqual([stdout]);
    const report = Report.parse(JSON.parse(stdout));
    expect(report.platform).toMatchObject({ name: 'Kamailio', version: expect.stringMatching(/^\d$/) });
    const phones = report.devices.filter(
      ({ category, vendor }) => ['phone', 'dect'].includes(category) && vendor !== '',
    );
    const listed = phones.map(({ category, vendor, model, count }) => `${count} ${category} ${vendor}/${model}`);
    const wanted = [
      // The forger says that it is one of them, as any of them could: it is one device, and no contact but its own.
      ...KINDS.map(([count, model], i) => `${i === 0 ? count + 1 : count} ${model}`),
      '1 phone Fanvil/X4U',
      '1 phone Avaya/SIP12x0',
    ];
    expect(listed.sort()).toEqual(wanted.sort());
    for (const text of [stdout, stderr, readFileSync(state, 'utf8')]) {
      expect(text).not.toMatch(/secret|person\d|192\.0\.2|forger@|0c383e/i);
      for (let n = 0; n < 60; n++) expect(text.toLowerCase()).not.toContain(macOf(n));
    }
  });

  test.skipIf(!canRun('python3', '--version'))('by Python where there is no Perl', async () => {
    const own = join(server.replyDir, 'own.sock');
    const asked = '{"jsonrpc":"2.0","method":"core.version","id":1}';
    const args = [...DATAGRAMS.python3, own, server.datagram];
    const { stdout } = await runCommand('python3', [...args, asked], { path: process.env.PATH ?? '' });
    expect(String(stdout)).toMatch(/"kamailio \d/);
    const forbidden = runCommand('python3', [...args, asked.replace('core.version', 'core.kill')], { path: '' });
    await expect(forbidden).rejects.toMatchObject({ code: 'not-allowed' });
  });

  test('where one way does not lead there, the next is taken; where none does, the phones are withheld', async () => {
    const nowhere = join(server.replyDir, 'nowhere');
    expect(await ask({ fifo: nowhere, datagram: server.datagram })).toMatchObject({ state: 'read' });
    expect(await ask({ fifo: nowhere, http: 'http://127.0.0.1:9/RPC', datagram: nowhere })).toMatchObject({
      state: 'withheld',
      code: 'no-answer',
    });
  });

  test('an answer over 131,072 bytes, which Kamailio does not give over datagrams, is no house without phones', async () => {
    for (let n = 0; n < 100; n++) await server.register({ aor: `long${n}`, userAgent: `Acme ${'x'.repeat(2_000)}` });
    const dump = { method: 'POST', body: '{"jsonrpc":"2.0","method":"ul.dump","id":1}' };
    const whole = await (await fetch(server.http, dump)).arrayBuffer();
    expect(whole.byteLength).toBeGreaterThan(131_072);
    const answer = await ask({ datagram: server.datagram }, 1_500);
    expect(answer).toMatchObject({ state: 'withheld', code: 'answer-too-long', registrations: [] });
    expect(answer.hint).toMatch(/FIFO or HTTP/);
    expect((await ask({ datagram: server.datagram, fifo: server.fifo })).registrations).toHaveLength(164);
    expect(readdirSync(server.replyDir).filter((name) => name.startsWith('rollcall_'))).toEqual([]);
  });
});
