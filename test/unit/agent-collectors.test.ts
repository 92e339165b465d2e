import { describe, expect, test } from 'vitest';
import { nextPlausibleSize } from '../../services/agent/collectors/memory.ts';
import { categoryOf } from '../../services/agent/collectors/pci.ts';
import { parsePciIds } from '../../services/agent/collectors/pci-ids.ts';
import { parseRegistrations } from '../../services/agent/collectors/registrations.ts';
import { knownPlatform, parsePlatform } from '../../services/agent/platform.ts';
import { identify } from '../../services/agent/tally.ts';
import { tinyIdentifier } from '../fixtures/agent/tiny-identifier.ts';

const GIB = 2 ** 30;
const NOW = Date.UTC(2026, 10, 10);

describe('memory', () => {
  test.each([
    [16_342_656 * 1024, 16 * GIB],
    [24_684_084 * 1024, 24 * GIB],
    [3_884_344 * 1024, 4 * GIB],
    [945_000 * 1024, GIB],
    [49_000_000 * 1024, 48 * GIB],
    [32 * GIB, 32 * GIB],
    [32 * GIB + 1, 48 * GIB],
    [1, GIB / 16],
  ])('%i bytes that are left were %i bytes installed', (left, installed) => {
    expect(nextPlausibleSize(left)).toBe(installed);
  });
});

describe('a PCI function', () => {
  test.each<[string, string, string | undefined, string]>([
    ['d161:8005', '020000', 'pci', 'a Digium card that claims to be an Ethernet controller is a telephony card'],
    ['1923:0040', '028000', 'pci', 'so is a Sangoma card that claims to be a network controller'],
    ['10ee:0314', '078000', 'pci', 'and a TE410P under the id of Xilinx'],
    ['10b5:d00d', '068000', 'pci', 'and a Tormenta under the id of PLX'],
    ['10b5:8112', '060400', undefined, 'the bridge on such a card is none'],
    ['e159:0001', '060400', undefined, 'nor is a bridge of a telephony vendor'],
    ['8086:1533', '020000', 'nic', 'a network card is known by its class'],
    ['8086:2723', '028000', 'nic', 'a wireless one too'],
    ['10ee:7024', '058000', undefined, 'Xilinx makes other things'],
    ['102b:0532', '030000', undefined, 'a screen is not counted'],
  ])('%s of class %s: %s (%s)', (id, classCode, category) => {
    expect(categoryOf(id, classCode)).toBe(category);
  });

  test('labels are read for the vendors in question, subsystems included, classes not', () => {
    const labels = parsePciIds(
      '# x\n8086  Intel\n\t1533  I210 "Gb"\n\t\t15d9 0001  Board\nd161  Digium, Inc.\n\t8005  TDM410\nC 02  Network\n\t00  Ethernet\n',
      new Set(['8086']),
    );
    expect(labels.vendor('8086:1533')).toBe('Intel');
    expect(labels.device('8086:1533')).toBe("I210 'Gb'");
    expect(labels.subsystem('8086:1533', '15d9:0001')).toBe('Board');
    expect(labels.device('d161:8005')).toBeUndefined();
  });
});

describe('the file of registrations', () => {
  const names = (text: string) => parseRegistrations(text, NOW).registrations.map(({ userAgent }) => userAgent);

  test('one User-Agent a line, whatever ends the lines', () => {
    expect(names('Yealink SIP-T46S 66.86.0.15\r\n\r\nPBX\rX\n')).toEqual(['Yealink SIP-T46S 66.86.0.15', 'PBX', 'X']);
    expect(names('')).toEqual([]);
    expect(names('\n \n')).toEqual([]);
  });

  test('a whole `database show` is read for its contacts only', () => {
    const text = [
      '/AMPUSER/4001/cidname                            : SECRET NAME',
      '/DEVICE/4001/dial                                : PJSIP/4001',
      '/registrar/contact/4001;@aa                      : {"user_agent":"A","expiration_time":"1795000000"}',
      '3 results found.',
    ].join('\n');
    expect(parseRegistrations(text, NOW)).toEqual({ registrations: [{ userAgent: 'A', aor: '4001' }], broken: 0 });
  });

  test('a contact ends with its expiration time', () => {
    const line = '/registrar/contact/1;@a : {"user_agent":"A","expiration_time":"1000"}';
    expect(parseRegistrations(line, 999_999).registrations).toHaveLength(1);
    expect(parseRegistrations(line, 1_000_000).registrations).toHaveLength(0);
  });

  test('a broken contact is noted and costs no other', () => {
    const text = [
      '/registrar/contact/1;@a : {"user_agent":',
      '/registrar/contact/2;@a : null',
      '/registrar/contact/3;@a : {"user_agent":{"a":1}}',
      '/registrar/contact/4;@a : {"user_agent":"B"}',
    ].join('\n');
    expect(parseRegistrations(text, NOW)).toEqual({ registrations: [{ userAgent: 'B', aor: '4' }], broken: 3 });
  });

  test('an escaped circumflex is not unescaped twice', () => {
    expect(names('/registrar/contact/1^3B@a : {"user_agent":"a^5E3Bb^3bc"}')).toEqual(['a^3Bb;c']);
  });

  test('a phone that calls itself a contact does not make the other lines disappear', () => {
    const text = 'Yealink SIP-T46S 1\nsnomD785/1\n/registrar/contact/1;@a : {"user_agent":"x"}\n';
    expect(names(text)).toHaveLength(3);
  });

  test('hostile text is read in linear time', () => {
    const started = process.cpuUsage();
    parseRegistrations(`/${' '.repeat(16_000)}\n`.repeat(500), NOW);
    parseRegistrations(`/x${' '.repeat(16_000)}\n`.repeat(500), NOW);
    expect(process.cpuUsage(started).user / 1e3).toBeLessThan(3000);
  });
});

describe('the platform', () => {
  test.each([
    ['FreePBX 17', 'FreePBX', '17'],
    ['FreePBX 17.0.19', 'FreePBX', '17'],
    [' FreePBX  v16 ', 'FreePBX', '16'],
    ['3CX', '3CX', ''],
    ['Mary & Sons PBX', 'other', ''],
    ['', 'other', ''],
  ])('typed as "%s" is %s %s', (typed, name, version) => {
    expect(knownPlatform(parsePlatform(typed), tinyIdentifier)).toEqual({ name, version });
  });

  test('is named as the catalogue names it, not as the owner typed it', () => {
    const folding = { ...tinyIdentifier, platform: () => 'FreePBX 17' };
    expect(knownPlatform({ name: 'my freepbx at 10.0.0.1', version: '17' }, folding)).toEqual({
      name: 'FreePBX',
      version: '17',
    });
  });
});

describe('of several ways to name a thing', () => {
  const named = (...texts: string[]) =>
    identify(
      { count: 1, candidates: texts.map((text) => ({ kind: 'board', text, unlistedAs: 'board' })) },
      tinyIdentifier,
    );

  test('the catalogue wins over a guess, a guess over a refusal', () => {
    expect(named('Unheard', 'Manufacturer="Dell Inc." Product="0VYV0G"')).toMatchObject({ model: '0VYV0G' });
    expect(named('friendly-scanner', 'Unheard')).toEqual({
      kind: 'unlisted',
      category: 'board',
      vendor: '',
      model: 'Unheard',
    });
    expect(named('', 'friendly-scanner')).toEqual({ kind: 'refused', reason: 'empty' });
  });
});
