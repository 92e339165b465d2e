import { describe, expect, test } from 'vitest';
import { findInPair, findPersonalData } from '../../services/identify/personal-data.ts';

const FOUND: readonly (readonly [string, readonly string[]])[] = [
  [
    'hardware-address',
    [
      '00:15:65:12:34:56',
      '00-15-65-12-34-56',
      '0015.6512.3456',
      '001565123456',
      'phone_0004f2aabbcc',
      'aabbccddeeff_Stage',
      '0015-6512 3456',
      '00:15:65:ff:fe:12:34:56',
      '001565fffe123456',
      '1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809',
      '1B2C3D4E5F60471892A3B4C5D6E7F809',
      '\uff10\uff10:\uff11\uff15:65:12:34:56',
      '00\u200b1565\u200b123456',
      'OO1565l2345b',
      'а0:15:65:12:34:5с',
    ],
  ],
  ['address', ['192.0.2.7', '10.0.0.5', 'ip-10-0-0-5', '2001:db8::1', 'fe80::1ff:fe23:4567:890a']],
  ['e-mail', ['anna@example.org', 'Anna <anna@pbx>']],
  ['uri', ['sip:4001@pbx', 'sips:x', 'tel:+4930123', 'https://pbx']],
  [
    'host',
    [
      'pbx.example.com',
      'pbx1.kunde.local',
      'DESKTOP-7A8B9C0',
      'localhost',
      'anna-pc',
      'www.example.de',
      'pbx_kunde_example_com',
    ],
  ],
  [
    'serial',
    [
      'SN:VI12E',
      'S/N 12AB34',
      'SN/VI3A012345',
      'Serial: 99',
      'MAC: unknown',
      'DevId c074ad',
      '(CBT99140061)',
      'IMEI=1',
      'ABC123456D',
      'ext 4001',
      'user=anna',
    ],
  ],
  ['phone-number', ['+49 30 1234567', '(030) 123-4567', '0301234567', '555 123 4567', '030/1234567', '4930123456789']],
  ['person', ["Bob's iPhone", 'Bobs iPhone', 'iPhone von Anna', 'Annas MacBook', 'Anna\u2019s Galaxy', 'Mr. Smith']],
];

/** Models, versions and junk that look like identifiers and are none. */
const CLEAN = [
  'C530A',
  'D785',
  'DECADE',
  'SPA504G',
  'SPA525G2',
  'CP-8841-K9',
  'CP-8841-3PCC',
  '8086:15f3',
  'SIP-T21P_E2',
  'VVX 450',
  'Trio Visual+',
  'RTL8111/8168/8411',
  'MP-114 FXS_FXO',
  'SIP.js',
  'TAU-8.IP',
  'Xeon E5-2620 v3',
  'Core i7-1165G7',
  'Athlon 64 X2 4200+',
  'To Be Filled By O.E.M.',
  'Default string',
  'H110M PRO-VD (MS-7996)',
  'Standard PC (i440FX + PIIX, 1996)',
  'EC2 t4g.large',
  '16 GiB',
  'SN4112',
  'TE405P/TE407P',
  'IP Touch 4008',
  'FRITZ!Box Fon WLAN 7170',
];

describe('the personal-data guard', () => {
  test.each([
    'Bobs Business PC',
    'Muellers Wireless Desktop',
    'Bobs Windows PC',
    'Jos Business PC',
    'Intel Bobs Wireless Desktop',
  ])('sees the owner before what kind of machine it is: %s', (text) =>
    expect(findPersonalData(text)).not.toBeUndefined(),
  );
  test.each([
    'HP Elite 7200 MT Business PC',
    'HP Compaq Business Desktop',
    'Acme Windows PC',
    'Acme Business Class PC',
  ])('takes a kind of machine for no owner: %s', (text) => expect(findPersonalData(text)).toBeUndefined());

  for (const [finding, texts] of FOUND)
    for (const text of texts)
      test(`finds a ${finding} in ${JSON.stringify(text)}`, () => {
        expect(findPersonalData(text)).toBeDefined();
      });

  test.each(CLEAN)('lets %s pass', (text) => {
    expect(findPersonalData(text)).toBeUndefined();
  });

  test.each([
    ['001565', '123456'],
    ['Acme 00:15:65', '12:34:56'],
    ['+49 30', '1234567'],
    ['pbx.exam', 'ple.com'],
    ['anna@', 'example.org'],
    ['192.0', '.2.7'],
  ])('finds what is cut in two: %s | %s', (vendor, model) => {
    expect(findInPair(vendor, model)).toBeDefined();
  });

  test('takes a firmware that is a valid IPv4 address for one: versions never travel, so nothing is lost', () => {
    expect(findPersonalData('66.86.0.15')).toBe('address');
  });
});
