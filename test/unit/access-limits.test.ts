import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  bytesOf,
  cameByHttps,
  clientAddress,
  isLoopback,
  prefixOf,
} from '../../services/http/addresses/client-address.ts';
import { AddressNames } from '../../services/http/limits/rate-limit.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { NO_PROXIES, parseTrustedProxies } from '../../services/shared/trusted-proxies.ts';
import { requestFrom as request } from '../support/request-from.ts';

const hex = (bytes?: Uint8Array) => (bytes ? Buffer.from(bytes).toString('hex') : undefined);
const trust = (text: string) => parseTrustedProxies(text)!;

test('a client whose address a proxy on this machine cannot tell is limited as the proxy is, not exempt', () => {
  const names = new AddressNames(new SetClock(0), trust('1'));
  const from = (header?: string) =>
    names.of(request('127.0.0.1', header === undefined ? {} : { 'x-forwarded-for': header }));
  expect(from('unknown')).toBeTypeOf('string');
  expect(from('192.0.2.1, _hidden')).toBe(from('unknown'));
  // A program on this machine that came through no proxy.
  expect(from()).toBeUndefined();
});

describe('an address', () => {
  test.each([
    ['192.0.2.7', 'c0000207', 'c00002'],
    ['::ffff:192.0.2.7', 'c0000207', 'c00002'],
    ['::ffff:c000:207', 'c0000207', 'c00002'],
    ['2001:db8:1234:5678::9', '20010db8123456780000000000000009', '20010db81234'],
    ['2001:db8::', '20010db8000000000000000000000000', '20010db80000'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001', 'fe8000000000'],
    ['64:ff9b::192.0.2.7', '0064ff9b0000000000000000c0000207', '0064ff9b0000'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008', '000100020003'],
  ])('%s is read and cut to its network', (text, bytes, prefix) => {
    expect([hex(bytesOf(text)), hex(prefixOf(bytesOf(text)!))]).toEqual([bytes, prefix]);
  });

  test.each(['', 'unknown', '1.2.3', '1.2.3.4.5', '999.1.1.1', ':::', 'a b', "';--"])('%j is none', (text) => {
    expect(bytesOf(text)).toBeUndefined();
  });

  test('of this machine is known in all its forms', () => {
    for (const own of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(isLoopback(bytesOf(own)!)).toBe(true);
    for (const other of ['128.0.0.1', '::2', '10.0.0.1']) expect(isLoopback(bytesOf(other)!)).toBe(false);
  });
});

describe('the setting of trusted proxies', () => {
  test('takes nothing, a number, or networks, and nothing else', () => {
    for (const good of ['', '0', '1', '9', '10.0.0.0/8', '::1', '10.0.0.0/8, 192.0.2.7,2001:db8::/32'])
      expect(parseTrustedProxies(good), good).toBeDefined();
    for (const bad of ['10', '-1', 'a', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/8,', '::/129', 'all'])
      expect(parseTrustedProxies(bad), bad).toBeUndefined();
  });

  const forwarded = { 'x-forwarded-for': 'evil, 203.0.113.66, 198.51.100.5, 10.0.0.2' };
  const clientOf = (setting: string, peer = '10.0.0.1', headers: Record<string, string> = forwarded) =>
    hex(clientAddress(request(peer, headers), trust(setting))?.bytes);

  test('without proxies no header is believed', () => {
    expect(clientOf('')).toBe(hex(bytesOf('10.0.0.1')));
  });

  test('by number, the client is so many steps from the end, and what it wrote itself is not reached', () => {
    expect(clientOf('1')).toBe(hex(bytesOf('10.0.0.2')));
    expect(clientOf('2')).toBe(hex(bytesOf('198.51.100.5')));
    expect(clientOf('9')).toBe(hex(bytesOf('203.0.113.66')));
    expect(clientOf('1', '10.0.0.1', {})).toBe(hex(bytesOf('10.0.0.1')));
  });

  test('by network, the client is the first from the end that is no proxy', () => {
    expect(clientOf('10.0.0.0/8')).toBe(hex(bytesOf('198.51.100.5')));
    expect(clientOf('10.0.0.0/8', '203.0.113.1')).toBe(hex(bytesOf('203.0.113.1')));
    expect(clientOf('10.0.0.0/8', '::ffff:10.0.0.1')).toBe(hex(bytesOf('198.51.100.5')));
    expect(clientOf('2001:db8::/32', '2001:db8::5')).toBe(hex(bytesOf('10.0.0.2')));
  });

  test('reads addresses with ports, and stops at what is no address', () => {
    const one = (text: string) => clientOf('1', '10.0.0.1', { 'x-forwarded-for': text });
    expect(one('192.0.2.7:4711')).toBe(hex(bytesOf('192.0.2.7')));
    expect(one('[2001:db8::9]:4711')).toBe(hex(bytesOf('2001:db8::9')));
    expect(one('192.0.2.7, unknown')).toBe(hex(bytesOf('10.0.0.1')));
    expect(one(`${'1.1.1.1,'.repeat(100_000)}192.0.2.7`)).toBe(hex(bytesOf('192.0.2.7')));
  });

  test('says whom to believe about https too', () => {
    const https = { 'x-forwarded-proto': 'https' };
    expect(cameByHttps(request('10.0.0.1', https), trust('10.0.0.0/8'))).toBe(true);
    expect(cameByHttps(request('10.0.0.1', https), trust('1'))).toBe(true);
    expect(cameByHttps(request('192.0.2.7', https), trust('10.0.0.0/8'))).toBe(false);
    expect(cameByHttps(request('10.0.0.1', https), trust(''))).toBe(false);
    expect(cameByHttps(request('10.0.0.1', { 'x-forwarded-proto': 'http' }), trust('1'))).toBe(false);
  });
});

describe('the name of a network', () => {
  const names = (clock = new SetClock(0), setting = '') => new AddressNames(clock, trust(setting));

  test('is the same for its neighbours and another for other networks', () => {
    const one = names();
    const of = (address: string) => one.of(request(address));
    expect(of('192.0.2.7')).toBe(of('192.0.2.200'));
    expect(of('192.0.2.7')).not.toBe(of('192.0.3.7'));
    expect(of('2001:db8:1:2::3')).toBe(of('2001:db8:1:ffff::9'));
    expect(of('2001:db8:1:2::3')).not.toBe(of('2001:db8:2:2::3'));
    expect(of('::ffff:192.0.2.7')).toBe(of('192.0.2.7'));
  });

  test('lives a day, in one process, and tells nothing of the address', () => {
    const clock = new SetClock(0);
    const one = names(clock);
    const before = one.of(request('192.0.2.7'));
    clock.moveTo(86_399_999);
    expect(one.of(request('192.0.2.7'))).toBe(before);
    clock.moveTo(86_400_000);
    expect(one.of(request('192.0.2.7'))).not.toBe(before);
    expect(names().of(request('192.0.2.7'))).not.toBe(before);
    expect(before).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  test('is the same in processes that have one secret, each day another, and of an access key too', () => {
    const clock = new SetClock(0);
    const keyOf = (secret: string) => (day: number) => createHmac('sha256', secret).update(`${day}`).digest();
    const process = (secret: string) => new AddressNames(clock, NO_PROXIES, keyOf(secret));
    const [one, other, stranger] = [process('shared'), process('shared'), process('another')];
    const from = request('192.0.2.7');
    const before = one.of(from);
    expect(before).toBe(other.of(from));
    expect(before).not.toBe(stranger.of(from));
    expect(one.ofKey('k1')).toBe(other.ofKey('k1'));
    expect(one.ofKey('k1')).not.toBe(one.ofKey('k2'));
    expect(one.ofKey('k1')).toMatch(/^[A-Za-z0-9_-]{22}$/);
    clock.moveTo(86_400_000);
    expect(one.of(from)).not.toBe(before);
    expect(one.of(from)).toBe(other.of(from));
  });

  test('is not given to this machine, unless a header only says that it was', () => {
    expect(names().of(request('127.0.0.1'))).toBeUndefined();
    expect(names().of(request('::1'))).toBeUndefined();
    const spoofed = request('10.0.0.1', { 'x-forwarded-for': '127.0.0.1' });
    expect(names(new SetClock(0), '1').of(spoofed)).toBeDefined();
  });
});
