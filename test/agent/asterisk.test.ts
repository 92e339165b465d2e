import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { takeInventory } from '../../services/agent/inventory.ts';
import { AmiClient } from '../../services/agent/sources/ami-client.ts';
import { asteriskAmi } from '../../services/agent/sources/asterisk-ami.ts';
import { asteriskCli } from '../../services/agent/sources/asterisk-cli.ts';
import { askSources, endpointsOf } from '../../services/agent/sources/collect.ts';
import { runCommand } from '../../services/agent/sources/command.ts';
import { freeswitch } from '../../services/agent/sources/freeswitch.ts';
import type { SourceAnswer, SourceDeps } from '../../services/agent/sources/source.ts';
import { periodAt } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { ENDPOINTS, NOW, SECRETS, truth } from '../fixtures/agent/pbx/endpoints.ts';
import * as render from '../fixtures/agent/pbx/render.ts';
import { PATIENCE_MS } from '../support/patience.ts';

const identifier = buildIdentifier(loadCatalog(), periodAt(NOW));
const clock = new SetClock(NOW);
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/**
 * An `asterisk` that answers by files: the first argument after -rx names one. Without such a file it says what a real one
 * does. `before` is shell that runs first.
 */
function scripted(
  program: string,
  answers: Readonly<Record<string, string>>,
  before = '',
  timeoutMs = PATIENCE_MS,
): { deps: SourceDeps; calls: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-scripted-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'answers'));
  for (const [command, text] of Object.entries(answers))
    writeFileSync(join(folder, 'answers', command.replaceAll('/', '%')), text);
  const script = `#!/bin/sh
printf '%s\\n' "$2" >> '${folder}/calls'
${before}
file="${folder}/answers/$(printf %s "$2" | tr / %)"
if [ -f "$file" ]; then cat "$file"; else echo "No such command '$2' (type 'core show help $2' for other possible commands)"; fi
`;
  writeFileSync(join(folder, program), script);
  chmodSync(join(folder, program), 0o755);
  return {
    deps: { clock, commands: { path: `${folder}:${process.env.PATH}`, timeoutMs } },
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n'),
  };
}

function devicesOf(answers: readonly SourceAnswer[]): string[] {
  const endpoints = endpointsOf(answers);
  expect(endpoints.unknown).toBe(false);
  const { lines } = takeInventory({ root: '/nowhere', identifier, clock, hardware: false, endpoints });
  for (const secret of SECRETS) expect(JSON.stringify(lines)).not.toContain(secret);
  return lines
    .filter(({ vendor }) => vendor !== '')
    .map(({ category, vendor, model, count }) => `${count} ${category} ${vendor}/${model}`)
    .sort();
}

const VERSION =
  'Asterisk 20.20.1 built by root @ build.example.org on a x86_64 running Linux on 2026-11-26 11:02:44 UTC\n';
const PJSIP = {
  'core show version': VERSION,
  'database show registrar/contact': render.astdbText(),
  'pjsip show contacts': render.pjsipContacts(),
  'pjsip show aor trunk-static': render.pjsipAor('trunk-static'),
  [`pjsip show contact trunk-static/${render.uriFor(ENDPOINTS.find(({ aor }) => aor === 'trunk-static')!)}`]:
    render.pjsipContactDetail(ENDPOINTS.find(({ aor }) => aor === 'trunk-static')!),
};

describe('an Asterisk on the command line', () => {
  test('PJSIP: the phones of the database, compared with what PJSIP itself lists; its version', async () => {
    const { deps, calls } = scripted('asterisk', PJSIP);
    const answers = await asteriskCli(deps);
    expect(answers.map(({ source, state }) => `${source} ${state}`)).toEqual(['asterisk read', 'chan_sip absent']);
    expect(devicesOf(answers)).toEqual(truth());
    expect(answers[0]!.platform).toEqual({ name: 'Asterisk', version: '20' });
    // The static trunk alone had to be looked at by itself.
    expect(calls().filter((call) => call.startsWith('pjsip show aor'))).toEqual(['pjsip show aor trunk-static']);
    expect(calls().filter((call) => /registrations|endpoint/.test(call))).toEqual([]);
  });

  test('realtime: nothing in the database, so every contact is asked for', async () => {
    const details = Object.fromEntries(
      ENDPOINTS.flatMap((endpoint) => [
        [`pjsip show aor ${endpoint.aor}`, render.pjsipAor(endpoint.aor)],
        [`pjsip show contact ${endpoint.aor}/${render.uriFor(endpoint)}`, render.pjsipContactDetail(endpoint)],
      ]),
    );
    const { deps } = scripted('asterisk', {
      ...PJSIP,
      ...details,
      'database show registrar/contact': '0 results found.\n',
    });
    expect(devicesOf(await asteriskCli(deps))).toEqual(truth());
  });

  test('realtime whose contacts may not be asked for: withheld, not zero', async () => {
    const { deps } = scripted('asterisk', { ...PJSIP, 'database show registrar/contact': '0 results found.\n' });
    const endpoints = endpointsOf(await asteriskCli(deps));
    expect(endpoints).toMatchObject({ unknown: true, registrations: [] });
  });

  test('a last line that does not match the rows: asked three times, then withheld', async () => {
    const { deps, calls } = scripted('asterisk', {
      ...PJSIP,
      'database show registrar/contact': render.astdbText(ENDPOINTS, 98),
    });
    const [answer] = await asteriskCli(deps);
    expect(answer).toMatchObject({ state: 'withheld', code: 'rows-missing' });
    expect(calls().filter((call) => call === 'database show registrar/contact')).toHaveLength(3);
  });

  test('one that lost rows once is asked again', async () => {
    const flag = mkdtempSync(join(tmpdir(), 'rollcall-once-'));
    closers.push(() => rmSync(flag, { recursive: true, force: true }));
    const before = `if [ "$2" = "database show registrar/contact" ] && [ ! -f '${flag}/x' ]; then touch '${flag}/x'; echo '3 results found.'; exit 0; fi`;
    const { deps } = scripted('asterisk', PJSIP, before);
    expect(devicesOf(await asteriskCli(deps))).toEqual(truth());
  });

  test('one that hangs and ignores SIGTERM is killed with what it started, and withheld', async () => {
    const { deps } = scripted('asterisk', PJSIP, "trap '' TERM; sleep 600 & wait", 1_500);
    const started = performance.now();
    const answers = await asteriskCli(deps);
    expect(answers[0]).toMatchObject({ state: 'withheld', code: 'timed-out' });
    // Of ten minutes that it would take.
    expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
  });

  test('one that answers slowly is waited for', async () => {
    const { deps } = scripted('asterisk', PJSIP, 'sleep 0.3');
    expect(devicesOf(await asteriskCli(deps))).toEqual(truth());
  });

  test('no right to read: withheld, with the lines to put into its configuration', async () => {
    const denied = (command: string) => `You don't have permissions to run '${command}' command\n`;
    const { deps } = scripted('asterisk', {
      'database show registrar/contact': denied('database show registrar/contact'),
    });
    const [answer] = await asteriskCli(deps);
    expect(answer).toMatchObject({ state: 'withheld', code: 'permission-denied' });
    expect(answer!.hint).toMatch(/astctlgroup.*permit=database show/);
  });

  test('down: withheld; not installed: absent', async () => {
    const { deps } = scripted(
      'asterisk',
      {},
      "echo 'Unable to connect to remote asterisk (does /var/run/asterisk/asterisk.ctl exist?)' >&2; exit 1",
    );
    expect((await asteriskCli(deps))[0]).toMatchObject({ state: 'withheld', code: 'no-answer' });
    const nothing = await askSources({ clock, commands: { path: '/nowhere' } }, { local: true });
    const others = nothing.filter(({ source }) => source !== 'kamailio');
    expect(others.map(({ state }) => state)).toEqual(['absent', 'absent', 'absent']);
  });

  test('a Kamailio that is installed and does not run: withheld, unless another source tells the phones', async () => {
    const { deps } = scripted('kamailio', {});
    const down = await askSources(deps, { local: true });
    expect(down.find(({ source }) => source === 'kamailio')).toMatchObject({ state: 'withheld', code: 'not-running' });
    expect(endpointsOf(down).unknown).toBe(true);
    const beside = scripted('asterisk', PJSIP).deps;
    const path = `${beside.commands.path}:${deps.commands.path}`;
    expect(devicesOf(await askSources({ ...beside, commands: { path } }, { local: true }))).toEqual(truth());
  });

  test('chan_sip: names from the registry, because the table cuts them; who is not registered is not there', async () => {
    const peers = ENDPOINTS.filter(({ aor }) => /^30|^32|^346$|^trunk-north/.test(aor)).filter(
      (one, at, all) => all.findIndex(({ aor }) => aor === one.aor) === at,
    );
    const long = { ...peers[0]!, aor: 'SECRET-a-name-longer-than-the-column' };
    const all = [...peers, long];
    const answers = {
      'database show registrar/contact': '0 results found.\n',
      // What `asterisk -rx` prints first where asterisk.conf lives dangerously.
      'sip show peers': `Privilege escalation protection disabled!\nSee https://wiki.example.org/x for more details.\n${render.sipPeers(all)}`,
      'database show SIP/Registry': render.sipRegistry(all.filter(({ expires }) => expires > NOW / 1000)),
      ...Object.fromEntries(
        all.map((one) => [`sip show peer ${one.aor}`, render.sipPeer(one, one.expires > NOW / 1000)]),
      ),
    };
    const { deps } = scripted('asterisk', answers);
    const found = await asteriskCli(deps);
    expect(found.map(({ source, state }) => `${source} ${state}`)).toEqual(['asterisk read', 'chan_sip read']);
    expect(devicesOf(found)).toEqual([
      '1 phone Grandstream/GXP2170',
      '1 phone Polycom/VVX 450',
      '1 phone Snom/821',
      '1 phone Snom/D785',
      '1 phone Yealink/SIP-T48S',
      '2 phone Yealink/SIP-T46S',
      '2 phone Yealink/SIP-T54W',
    ]);
  });

  test('chan_sip that may not be asked: withheld where its registry has phones, absent where it has none', async () => {
    const denied = "You don't have permissions to run 'sip show peers' command\n";
    const answers = { ...PJSIP, 'sip show peers': denied };
    const registry = render.sipRegistry(ENDPOINTS.slice(0, 2));
    const { deps } = scripted('asterisk', { ...answers, 'database show SIP/Registry': registry });
    const found = await asteriskCli(deps);
    expect(found[1]).toMatchObject({ source: 'chan_sip', state: 'withheld', code: 'permission-denied' });
    expect(endpointsOf(found).unknown).toBe(true);
    const none = scripted('asterisk', { ...answers, 'database show SIP/Registry': '0 results found.\n' });
    expect(devicesOf(await asteriskCli(none.deps))).toEqual(truth());
  });

  test('a phone of chan_sip whose name the table cuts and nothing else has: withheld; a trunk with such a name is none', async () => {
    const long = { ...ENDPOINTS[0]!, aor: 'SECRET-a-name-longer-than-the-column' };
    const table = (rows: string) => ({
      ...PJSIP,
      'sip show peers': rows,
      'database show SIP/Registry': '0 results found.\n',
    });
    const phone = render.sipPeers([long]);
    const found = await asteriskCli(scripted('asterisk', table(phone)).deps);
    expect(found[1]).toMatchObject({ state: 'withheld', code: 'sources-disagree' });
    const trunk = await asteriskCli(scripted('asterisk', table(phone.replace('  D  ', '     '))).deps);
    expect(trunk[1]).toMatchObject({ state: 'read', registrations: [] });
  });

  test.each([
    [['-rx', 'pjsip show registrations']],
    [['-rx', 'pjsip show endpoint 301']],
    [['-rx', 'core stop now']],
    [['-rx', 'database put a b c']],
    [['-rx', 'sip show peer 301; core stop now']],
    [['-rx', 'sip show peer 301\ncore stop now']],
    [['-rx', 'pjsip show contact 1/sip:"x" core stop now']],
    [['-x', 'core show version']],
    [['-r']],
  ])('%j is never run', async (args) => {
    const { deps, calls } = scripted('asterisk', PJSIP);
    await expect(runCommand('asterisk', args, deps.commands)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(calls).toThrow();
  });

  test.each(['sh', 'rm', '__proto__', 'constructor'])('%s is no program that is run', async (program) => {
    await expect(runCommand(program, ['-rx', 'core show version'], { path: '' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });
});

describe('a FreeSWITCH on the command line', () => {
  const status =
    '<?xml version="1.0"?>\n<profiles>\n<profile>\n<name>internal</name>\n<type>profile</type>\n</profile>\n<profile>\n<name>192.0.2.1</name>\n<type>alias</type>\n</profile>\n</profiles>\n';
  test('the registrations of its profiles, not of aliases', async () => {
    const { deps, calls } = scripted('fs_cli', {
      'sofia xmlstatus': status,
      'sofia xmlstatus profile internal reg': render.sofiaXml(),
    });
    const answer = await freeswitch(deps);
    expect(answer.state).toBe('read');
    expect(devicesOf([answer])).toEqual(truth());
    expect(calls()).not.toContain('sofia xmlstatus profile 192.0.2.1 reg');
  });

  test.each([
    ['one profile whose name cannot be asked for', status.replace('internal', 'int ernal')],
    ['no list of profiles', '\n'],
  ])('%s: withheld, not a house without phones', async (_, profiles) => {
    const { deps } = scripted('fs_cli', { 'sofia xmlstatus': profiles });
    expect(await freeswitch(deps)).toMatchObject({ state: 'withheld', code: 'malformed' });
  });

  test('a list that does not end is withheld', async () => {
    const { deps } = scripted('fs_cli', {
      'sofia xmlstatus': status,
      'sofia xmlstatus profile internal reg': render.sofiaXml().slice(0, -60),
    });
    expect(await freeswitch(deps)).toMatchObject({ state: 'withheld', code: 'rows-missing' });
  });
});

interface AmiScript {
  readonly classes: readonly ('system' | 'reporting')[];
  readonly contacts?: string[][];
  readonly told?: number;
  readonly mute?: boolean;
  readonly slowly?: boolean;
  readonly chanSip?: boolean;
}

/** A manager interface that answers as a real one does, to an action at a time. */
async function amiServer(
  script: AmiScript,
): Promise<{ access: { host: string; port: number; user: string; secret: string }; actions: string[] }> {
  const actions: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (script.mute) return;
    socket.write('Asterisk Call Manager/9.0.0\r\n');
    let text = '';
    socket.on('data', (part) => {
      text += part.toString();
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const fields = Object.fromEntries(
          text
            .slice(0, end)
            .split('\r\n')
            .map((line) => line.split(': ', 2) as [string, string]),
        );
        text = text.slice(end + 4);
        actions.push(fields.Action!);
        say(
          socket,
          script,
          answerTo(fields, script).map((lines) =>
            lines.map((line) => line.replace('ActionID: q1', `ActionID: ${fields.ActionID}`)),
          ),
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return {
    access: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user: 'rollcall', secret: 'SECRET' },
    actions,
  };
}

function say(socket: Socket, { slowly }: AmiScript, messages: readonly (readonly string[])[]): void {
  const bytes = Buffer.from(messages.map((lines) => `${lines.join('\r\n')}\r\n\r\n`).join(''));
  if (!slowly) return void socket.write(bytes);
  // In pieces that end anywhere, with pauses between them.
  for (let at = 0, n = 0; at < bytes.length; at += 997, n++)
    setTimeout(() => socket.write(bytes.subarray(at, at + 997)), n * 5);
}

const DENIED = [['Response: Error', 'ActionID: q1', 'Message: Permission denied']];

function answerTo(fields: Record<string, string>, script: AmiScript): string[][] {
  const may = (...classes: ('system' | 'reporting')[]) => classes.some((one) => script.classes.includes(one));
  const list = (events: string[][], end: string, told = events.length) => [
    ['Response: Success', 'ActionID: q1', 'EventList: start', 'Message: follows'],
    ...events,
    [`Event: ${end}`, 'ActionID: q1', 'EventList: Complete', `ListItems: ${told}`],
  ];
  switch (fields.Action) {
    case 'Login':
      return fields.Secret === 'SECRET'
        ? [['Response: Success', 'ActionID: q1', 'Message: Authentication accepted']]
        : [['Response: Error', 'Message: Authentication failed']];
    case 'CoreSettings':
      return may('system', 'reporting')
        ? [['Response: Success', 'ActionID: q1', 'AsteriskVersion: 20.20.1', 'SystemName: SECRET']]
        : DENIED;
    case 'PJSIPShowContacts':
      return may('system')
        ? list(script.contacts ?? render.amiContactEvents(ENDPOINTS), 'ContactListComplete', script.told)
        : DENIED;
    case 'DBGetTree':
      return may('system', 'reporting')
        ? list(script.contacts ? [] : render.amiDatabaseEvents(), 'DBGetTreeComplete')
        : DENIED;
    case 'SIPpeers':
      if (!script.chanSip)
        return [
          [
            'Response: Error',
            'ActionID: q1',
            'Message: Invalid/unknown command: SIPpeers. Use Action: ListCommands to show available commands.',
          ],
        ];
      return list(
        [
          ['Event: PeerEntry', 'ActionID: q1', 'ObjectName: 501', 'IPaddress: 198.51.100.1'],
          ['Event: PeerEntry', 'ActionID: q1', 'ObjectName: 502', 'IPaddress: -none-'],
        ],
        'PeerlistComplete',
      );
    case 'SIPshowpeer':
      return [
        [
          'Response: Success',
          'ActionID: q1',
          'Channeltype: SIP',
          `ObjectName: ${fields.Peer}`,
          'MD5SecretExist: Y',
          'Callerid: "SECRET" <501>',
          'Dynamic: Y',
          'RegExpire: 3600 seconds',
          'Address-IP: 198.51.100.1',
          'SIP-Useragent: Yealink SIP-T19P_E2 53.84.0.95 001565000001',
          'Reg-Contact: sip:501@198.51.100.11:5060',
        ],
      ];
    default:
      return [['Response: Error', 'ActionID: q1', 'Message: Invalid/unknown command']];
  }
}

describe('an Asterisk by its manager interface', () => {
  const deps: SourceDeps = { clock, commands: { path: '/nowhere' }, timeoutMs: PATIENCE_MS };
  const ask = async (script: AmiScript) => {
    const { access, actions } = await amiServer(script);
    const timeoutMs = script.mute ? 1_500 : PATIENCE_MS;
    return { answer: await asteriskAmi(access, { ...deps, timeoutMs }), actions };
  };

  test('with the class system: PJSIP and chan_sip together', async () => {
    const { answer, actions } = await ask({ classes: ['system'], chanSip: true });
    expect(answer).toMatchObject({ state: 'read', platform: { name: 'Asterisk', version: '20' } });
    expect(devicesOf([answer])).toEqual([...truth(), '1 phone Yealink/SIP-T19P_E2'].sort());
    expect(new Set(actions)).toEqual(
      new Set(['Login', 'CoreSettings', 'PJSIPShowContacts', 'SIPpeers', 'SIPshowpeer']),
    );
  });

  test('with the class reporting alone: the database', async () => {
    const { answer } = await ask({ classes: ['reporting'] });
    expect(devicesOf([answer])).toEqual(truth());
  });

  test('realtime with reporting alone: an empty database proves nothing, so it is withheld', async () => {
    const { answer } = await ask({ classes: ['reporting'], contacts: [] });
    expect(answer).toMatchObject({ state: 'withheld', code: 'cannot-compare' });
    expect(answer.hint).toMatch(/system/);
  });

  test('realtime with the class system: its phones', async () => {
    const { answer } = await ask({ classes: ['system'], contacts: render.amiContactEvents(ENDPOINTS) });
    expect(devicesOf([answer])).toEqual(truth());
  });

  test('pieces that end anywhere', async () => {
    const { answer } = await ask({ classes: ['system'], slowly: true });
    expect(devicesOf([answer])).toEqual(truth());
  });

  test.each<[string, AmiScript, string]>([
    ['no class', { classes: [] }, 'permission-denied'],
    ['a list that counts more than it has', { classes: ['system'], told: 98 }, 'rows-missing'],
    ['silence', { classes: ['system'], mute: true }, 'timed-out'],
  ])('%s: withheld', async (_, script, code) => {
    expect((await ask(script)).answer).toMatchObject({ state: 'withheld', code, registrations: [] });
  });

  test('a wrong secret, nobody there', async () => {
    const { access } = await amiServer({ classes: ['system'] });
    expect(await asteriskAmi({ ...access, secret: 'wrong' }, deps)).toMatchObject({ code: 'login-refused' });
    expect(await asteriskAmi({ ...access, port: 1 }, deps)).toMatchObject({ code: 'no-answer' });
  });

  test('a value that would be a second action is not sent', async () => {
    const { access, actions } = await amiServer({ classes: ['system'], chanSip: true });
    const client = await AmiClient.open(access);
    closers.push(() => client.close());
    await expect(client.send('SIPshowpeer', { Peer: 'x\r\nAction: Command' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await expect(client.send('CoreSettings', { Command: 'core stop now' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    expect(actions).toEqual(['Login']);
  });

  test('one that does not tell is replaced by the command line, where that does', async () => {
    const { deps: scriptedDeps } = scripted('asterisk', PJSIP);
    const { access } = await amiServer({ classes: [] });
    const answers = await askSources({ ...scriptedDeps, ami: access }, { local: true });
    expect(devicesOf(answers)).toEqual(truth());
  });
});
