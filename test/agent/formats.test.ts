import { describe, expect, test } from 'vitest';
import type { ReportLine } from '../../schemas/report.ts';
import { endpointReadings } from '../../services/agent/collectors/endpoints.ts';
import { readRegistrations } from '../../services/agent/formats/read-registrations.ts';
import { Unread } from '../../services/agent/formats/unread.ts';
import { kindOf } from '../../services/agent/inventory.ts';
import { identify, Tally } from '../../services/agent/tally.ts';
import { decodeText } from '../../services/agent/text.ts';
import { periodAt } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { ENDPOINTS, NOW, SECRETS, truth } from '../fixtures/agent/pbx/endpoints.ts';
import * as render from '../fixtures/agent/pbx/render.ts';

const identifier = buildIdentifier(loadCatalog(), periodAt(NOW));

function read(text: string | Uint8Array): { format: string; devices: string[]; lines: ReportLine[] } {
  const source = typeof text === 'string' ? text : decodeText(text);
  const { registrations, format } = readRegistrations(source, NOW, (agent) => kindOf(identifier, agent));
  const tally = new Tally();
  for (const reading of endpointReadings(registrations).readings) {
    const identity = identify(reading, identifier);
    if (identity?.kind === 'listed') tally.add('endpoints', reading, identity);
  }
  const { lines } = tally.lines();
  const devices = lines.map(({ category, vendor, model, count }) => `${count} ${category} ${vendor}/${model}`).sort();
  return { format, devices, lines };
}

function unread(text: string): Unread {
  try {
    const { format, devices } = read(text);
    throw new Error(`read as ${format}: ${devices.join()}`);
  } catch (thrown) {
    if (thrown instanceof Unread) return thrown;
    throw thrown;
  }
}

/** chan_sip and sofia lose an escape character on their way; what they print of it is no User-Agent of any phone. */

describe('every source of one phone system gives the same phones', () => {
  test.each<[string, string, string, string[]]>([
    ['database show registrar/contact', 'astdb', render.astdbText(), truth()],
    ['database show', 'astdb', render.wholeAstdb(), truth()],
    ['a recorded console with two commands', 'astdb', render.consoleSession(), truth()],
    ['AMI PJSIPShowContacts', 'ami', render.amiPjsipContacts(), truth()],
    ['AMI PJSIPShowRegistrationInboundContactStatuses', 'ami', render.amiStatuses(), truth()],
    ['AMI DBGetTree', 'ami', render.amiDatabase(), truth()],
    [
      'pjsip show contact, one after another',
      'pjsip-contact',
      ENDPOINTS.map(render.pjsipContactDetail).join(''),
      truth(),
    ],
    [
      'sip show peer, one after another',
      'sip-peer',
      ENDPOINTS.filter(({ expires }) => expires > NOW / 1000)
        .map((e) => render.sipPeer(e))
        .join(''),
      truth(),
    ],
    ['Kamailio ul.dump', 'kamailio', render.kamailioDump(), truth()],
    ['sofia status', 'sofia', render.sofiaText(), truth()],
    ['sofia xmlstatus', 'sofia-xml', render.sofiaXml(), truth()],
    ['realtime with tabs', 'table', render.realtimeTsv(), truth()],
    ['realtime from psql', 'table', render.realtimePsql(), truth()],
    ['realtime as CSV', 'table', render.realtimeCsv(), truth()],
  ])('%s', (_, format, text, devices) => {
    const found = read(text);
    expect(found.format).toBe(format);
    expect(found.devices).toEqual(devices);
    for (const secret of SECRETS) expect(JSON.stringify(found.lines)).not.toContain(secret);
  });

  test('a table of sqlite3 has bars between key and value', () => {
    const rows = render
      .astdbText()
      .split('\n')
      .filter((line) => line.startsWith('/'));
    expect(read(rows.map((line) => line.replace(': {', '|{')).join('\n')).devices).toEqual(truth());
  });
});

describe('whatever an owner does to a text before it gets here', () => {
  const plain = render.astdbText();
  test.each<[string, string | Uint8Array]>([
    ['carriage returns', plain.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${plain}`],
    ['UTF-16 little endian', Buffer.from(`\ufeff${plain}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(plain, 'utf16le')],
    ['colours', plain.replace(/^.*$/gm, (line) => `\u001b[1;32m${line}\u001b[0m`)],
    ['prompts in front', `[root@pbx ~]# asterisk -rx "database show registrar/contact"\n${plain}[root@pbx ~]# `],
    ['lines broken by a terminal of 132 columns', plain.replace(/[^\n]{132}(?=[^\n])/g, '$&\n')],
    ['no last line', plain.replace(/\n\d+ results found\.\n/, '\n')],
    [
      'another contact in Windows-1252',
      Buffer.concat([
        Buffer.from(plain.replace(/\d+ results found.\n/, '')),
        Buffer.from('/registrar/contact/4999;@ff: {"user_agent":"M\u00fcller"}\n', 'latin1'),
      ]),
    ],
  ])('%s', (_, text) => {
    expect(read(text).devices).toEqual(truth());
  });

  const agents = ['Yealink SIP-T46S 66.86.0.15', 'snomD785/10.1.84.12', 'Grandstream GXP2170 1.0.11.74'];
  const three = ['1 phone Grandstream/GXP2170', '1 phone Snom/D785', '1 phone Yealink/SIP-T46S'];
  test.each<[string, string]>([
    ['one a line', agents.join('\n')],
    ['in quotes', agents.map((agent) => `"${agent}"`).join('\n')],
    ['in quotes with commas', agents.map((agent) => `"${agent}",`).join('\r\n')],
    [
      'with no-break spaces and tabs around',
      agents.map((agent) => `\t${agent.replaceAll(' ', '\u00a0')} \t`).join('\n'),
    ],
    ['below a header', ['user_agent', ...agents].join('\n')],
    [
      'as the second column of a CSV with semicolons',
      ['Nebenstelle;User-Agent', ...agents.map((a) => `SECRET;${a}`)].join('\n'),
    ],
    [
      'framed by mysql',
      [
        '+----+----+',
        '| name | useragent |',
        '+----+----+',
        ...agents.map((a) => `| SECRET | ${a} |`),
        '+----+----+',
        '3 rows in set (0.00 sec)',
      ].join('\n'),
    ],
    ['found in sip show peer', agents.map((agent) => `  Useragent    : ${agent}`).join('\n')],
    ['found in pjsip show contact', agents.map((agent) => ` user_agent            : ${agent}`).join('\r\n')],
    ['found in a trace', agents.map((agent) => `User-Agent: ${agent}`).join('\n')],
    [
      "on FusionPBX's page of registrations",
      ['User\tAgent\tContact\tLAN IP\tIP', ...agents.map((a, at) => `SECRET${at}\t${a}\tsip:x@192.0.2.${at}\t\t`)].join(
        '\n',
      ),
    ],
    ['as rows of JSON', JSON.stringify(agents.map((user_agent, at) => ({ id: `SECRET${at};@x`, user_agent })))],
    [
      'below what asterisk.conf is warned of',
      `Privilege escalation protection disabled!\nSee https://wiki.example.org/x for more details.\n${agents
        .map((user_agent, at) => `/registrar/contact/SECRET${at};@x : ${JSON.stringify({ user_agent })}\n`)
        .join('')}3 results found.\n`,
    ],
    [
      "in OpenSIPS' ul_dump",
      JSON.stringify({
        Domains: [
          {
            name: 'location',
            AORs: agents.map((agent, at) => ({ AOR: `SECRET${at}`, Contacts: [{ 'User-agent': agent, Expires: 90 }] })),
          },
        ],
      }),
    ],
  ])('User-Agents %s', (_, text) => {
    expect(read(text).devices).toEqual(three);
  });

  test('User-Agents as uniq -c counts them: each as often; an extension in front is no count', () => {
    const counted = agents.map((agent, at) => `${String(10 ** at).padStart(7)} ${agent}`).join('\n');
    expect(read(counted).devices).toEqual([
      '1 phone Yealink/SIP-T46S',
      '10 phone Snom/D785',
      '100 phone Grandstream/GXP2170',
    ]);
    expect(read(agents.map((agent) => `4001 ${agent}`).join('\n')).devices).toEqual(three);
  });

  const twice = (agent: string) => `      2 ${agent}\n`;

  test('uniq -c below the command it came from, and with phones that have no User-Agent', () => {
    const command = 'root@pbx:~# sort agents.txt | uniq -c\n';
    expect(read(`${command}${twice('')}${agents.map(twice).join('')}`).devices).toEqual(
      three.map((device) => device.replace('1 ', '2 ')),
    );
  });

  test('numbers of lines (cat -n, nl) count nothing', () => {
    const numbered = agents.map((agent, at) => `${String(at + 2).padStart(6)}  ${agent}`).join('\n');
    expect(read(numbered).devices).toEqual(three);
  });

  test.each<[string, string]>([
    ['a line without a count', `${agents.map(twice).join('')}Yealink SIP-T46S 66.86.0.15\n`],
    ['a count that no model has', `${agents.map(twice).join('')}  10001 Yealink SIP-T46S 66.86.0.15\n`],
    ['more phones than any house', '  10000 Yealink SIP-T46S 66.86.0.15\n'.repeat(3000)],
  ])('uniq -c with %s is refused, not counted once each', (_, text) => {
    expect(unread(text).code).toBe('unknown-format');
  });

  test("Kamailio's answer below a prompt in brackets; rows of JSON are no answer of it", () => {
    expect(read(`[root@pbx ~]# kamctl rpc ul.dump\n${render.kamailioDump()}`).devices).toEqual(truth());
    expect(read(JSON.stringify([{ id: 'SECRET', user_agent: agents[0] }])).format).toBe('json-rows');
    expect(unread('[{"id":"SECRET"},{"id":"SECRET"}]').code).toBe('unknown-format');
  });

  test("the result alone of Kamailio's answer", () => {
    const { result } = JSON.parse(render.kamailioDump()) as { result: object };
    expect(read(JSON.stringify(result, null, 2)).devices).toEqual(truth());
  });
});

describe('a text that names no phones is refused with what to do', () => {
  test.each<[string, string, string, RegExp]>([
    ['pjsip show contacts', 'names-no-phones', render.pjsipContacts(), /database show registrar/],
    ['sip show peers', 'names-no-phones', render.sipPeers(ENDPOINTS), /sip show peer NAME/],
    ['realtime: nothing in the database', 'nothing-found', '0 results found.\n', /realtime/],
    [
      'an unknown command',
      'nothing-found',
      "No such command 'dahdi show status' (type 'core show help dahdi show' for other possible commands)\n",
      /not loaded/,
    ],
    [
      'a right that is missing',
      'permission-denied',
      "You don't have permissions to run 'database show registrar/contact' command\n",
      /no right/,
    ],
    [
      'Kamailio with db_mode 3',
      'nothing-found',
      JSON.stringify({
        jsonrpc: '2.0',
        result: { Domains: [{ Domain: { Domain: 'location', AoRs: [], Stats: { Records: 0 } } }] },
        id: 1,
      }),
      /db_mode/,
    ],
    ['JSON that was cut', 'malformed', render.kamailioDump().slice(0, 4000), /131,072/],
    [
      'the text of kamcmd',
      'names-no-phones',
      '{\n\tDomains: {\n\t\tDomain: {\n\t\t\tAoRs: {\n\t\t\t\tInfo: {\n\t\t\t\t\tContacts: {\n\t\t\t\t\t\tContact: {\n\t\t\t\t\t\t\tUser-Agent: Yealink SIP-T46S 66.86.0.15\n',
      /forged/,
    ],
    ['what a phone could have forged', 'names-no-phones', '\tAOR:: SECRET\n\t\tUser-agent:: snom320/8\n', /forged/],
    [
      "ARI's endpoints, of a technology whose name the catalogue knows",
      'names-no-phones',
      '[{"technology":"PJSIP","resource":"SECRET","state":"online","channel_ids":[]}]',
      /ARI/,
    ],
    ['show registrations as json', 'names-no-phones', '{"row_count":1,"rows":[{"reg_user":"SECRET"}]}', /xmlstatus/],
    ['a list of extensions', 'names-no-phones', 'extension,name,voicemail\n4010,"SECRET Anna",novm\n', /extensions/],
    ['rows that were lost', 'rows-missing', render.astdbText(ENDPOINTS, 98), /98/],
    ['AMI rows that were lost', 'rows-missing', render.amiPjsipContacts(98), /98/],
    ['sofia rows that were lost', 'rows-missing', render.sofiaText(98), /98/],
    ['sofia XML that was cut', 'rows-missing', render.sofiaXml().slice(0, -80), /does not end/],
    [
      'names and addresses',
      'unknown-format',
      'mueller/mueller             192.0.2.1   D  No  5060  OK\nmeier/meier  192.0.2.2  D\n',
      /formats that are read/,
    ],
    [
      'a letter',
      'unknown-format',
      'Dear colleagues,\nplease find attached the list of Anna SECRET.\n',
      /one User-Agent a line/,
    ],
    [
      'modules of PJSIP, whose name the catalogue knows',
      'names-no-phones',
      `Module                         Description                              Use Count  Status      Support Level\n${'chan_pjsip.so                  PJSIP Channel Driver                     0          Running              core\n'.repeat(5)}5 modules loaded\n`,
      /lists modules/,
    ],
    [
      'rows of a table in which a User-Agent stands beside other things',
      'unknown-format',
      'SECRET Anna\tYealink SIP-T46S 66.86.0.15\tyes\nSECRET Otto    snomD785/10.1.84.12\n',
      /formats that are read/,
    ],
    [
      'core show version',
      'unknown-format',
      'Asterisk 20.20.1 built by root @ build.example.org on a x86_64 running Linux\n',
      /formats/,
    ],
    [
      'modules',
      'names-no-phones',
      'Module                         Description                 Use Count  Status\nchan_sip.so                    Session Initiation Protocol 0          Running\n1 modules loaded\n',
      /lists modules/,
    ],
  ])('%s', (_, code, text, hint) => {
    const refused = unread(text);
    expect(refused.code).toBe(code);
    expect(refused.hint).toMatch(hint);
    for (const secret of SECRETS) expect(refused.hint).not.toContain(secret);
  });

  test('a few odd lines among many User-Agents are left out, not taken for phones', () => {
    const text = [
      'Yealink SIP-T46S 66.86.0.15',
      'snomD785/10.1.84.12',
      'Anna Meier',
      'Acme X5/1.2.3',
      'mueller 192.0.2.1',
    ].join('\n');
    const { registrations, broken } = readRegistrations(text, NOW, (agent) => kindOf(identifier, agent));
    expect(registrations.map(({ userAgent }) => userAgent)).toEqual([
      'Yealink SIP-T46S 66.86.0.15',
      'snomD785/10.1.84.12',
      'Acme X5/1.2.3',
    ]);
    expect(broken).toBe(2);
  });
});

describe('one device in several places counts once', () => {
  const devices = (rows: readonly [aor: string, agent: string, host?: string][]) =>
    read(
      [
        'aor,user_agent,uri,via_addr',
        ...rows.map(([aor, agent, host = `192.0.2.${aor}`]) => `${aor},"${agent}",sip:${aor}@${host}:5060,${host}`),
      ].join('\n'),
    ).devices;

  test('under one address of record', () => {
    expect(
      devices([
        ['1', 'snomD785/10', 'a.example'],
        ['1', 'snomD785/10', 'b.example'],
      ]),
    ).toEqual(['1 phone Snom/D785']);
  });
  test('by the hardware address in its name, however it is written', () => {
    expect(
      devices([
        ['1', 'Yealink SIP-T46S 66.86.0.15 001565a1b2c3'],
        ['2', 'Yealink SIP-T46S 66.86.0.15 00:15:65:A1:B2:C3'],
      ]),
    ).toEqual(['1 phone Yealink/SIP-T46S']);
  });
  test('a gateway by its address, a phone behind a proxy never', () => {
    expect(
      devices([
        ['1', 'Grandstream HT802 1.0', 'gw'],
        ['2', 'Grandstream HT802 1.0', 'gw'],
      ]),
    ).toEqual(['1 ata Grandstream/HT802']);
    expect(
      devices([
        ['1', 'snomD785/10', 'proxy'],
        ['2', 'snomD785/10', 'proxy'],
      ]),
    ).toEqual(['2 phone Snom/D785']);
  });
  test('a build date of twelve digits is no hardware address', () => {
    expect(
      devices([
        ['1', 'Yealink SIP-T46S 202004081230'],
        ['2', 'Yealink SIP-T46S 202004081230'],
      ]),
    ).toEqual(['2 phone Yealink/SIP-T46S']);
  });
});
