import { describe, expect, test } from 'vitest';
import { nextPlausibleSize } from '../../services/agent/collectors/memory.ts';
import { categoryOf } from '../../services/agent/collectors/pci.ts';
import { parsePciIds } from '../../services/agent/collectors/pci-ids.ts';
import { knownPlatform, parsePlatform } from '../../services/agent/platform.ts';
import { identify } from '../../services/agent/tally.ts';
import { tinyIdentifier } from '../fixtures/agent/tiny-identifier.ts';

const GIB = 2 ** 30;

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
