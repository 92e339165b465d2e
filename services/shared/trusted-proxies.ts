import { BlockList, isIP } from 'node:net';

/** Which of the addresses that a request passed through are believed. */
export interface TrustedProxies {
  /** So many proxies stand before this server, whatever their addresses. */
  readonly hops: number;
  /** Or: whoever calls from these networks is a proxy. */
  readonly networks: BlockList | undefined;
}

export const NO_PROXIES: TrustedProxies = { hops: 0, networks: undefined };

/** `''` (none), a number of hops such as `1`, or networks such as `10.0.0.0/8,::1`. Undefined for anything else. */
export function parseTrustedProxies(text: string): TrustedProxies | undefined {
  if (text === '') return NO_PROXIES;
  if (/^[0-9]$/.test(text)) return { hops: Number(text), networks: undefined };
  const networks = new BlockList();
  for (const part of text.split(',')) {
    const [address = '', bits, ...more] = part.trim().split('/');
    const family = isIP(address);
    const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
    if (family === 0 || more.length > 0 || (bits !== undefined && !/^[0-9]{1,3}$/.test(bits))) return undefined;
    if (prefix > (family === 4 ? 32 : 128)) return undefined;
    networks.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return { hops: 0, networks };
}
