import { BlockList, isIP } from 'node:net';

/** IPv4 networks that are not the public internet: IANA's special-purpose registry (RFC 6890), multicast, reserved. */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** All of public IPv6 (RFC 4291); everything else, mapped IPv4 included, is not. */
const PUBLIC_V6 = ['2000::/3'];
/** Within it: protocol assignments with Teredo, documentation, 6to4, which carries any IPv4 address. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const notPublicV4 = networks(NOT_PUBLIC_V4, 'ipv4');
const publicV6 = networks(PUBLIC_V6, 'ipv6');
const notPublicV6 = networks(NOT_PUBLIC_V6, 'ipv6');
const loopbackV4 = networks(['127.0.0.0/8'], 'ipv4');

/** Whether an address of the public internet; false for a text that is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !notPublicV4.check(address, 'ipv4');
  return version === 6 && publicV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6');
}

/** Whether an address of this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  return isIP(address) === 4 ? loopbackV4.check(address, 'ipv4') : address === '::1';
}

function networks(list: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const found = new BlockList();
  for (const network of list) {
    const [address = '', bits] = network.split('/');
    found.addSubnet(address, Number(bits), family);
  }
  return found;
}
