import { BlockList, isIP } from 'node:net';

/** Networks that are known to hold many sites, each with a number of its own. */
export interface PopularNetworks {
  /** The first that the address is in. */
  readonly of: (address: string) => { readonly name: string; readonly limit: number } | undefined;
}

export const NO_POPULAR: PopularNetworks = { of: () => undefined };

/** `203.0.113.0/24=2000,2001:db8::/32=9000`; '' for none. Undefined for anything else. */
export function parsePopularNetworks(text: string): PopularNetworks | undefined {
  if (text === '') return NO_POPULAR;
  const networks = text.split(',').map((part) => networkIn(part.trim()));
  if (networks.some((network) => network === undefined)) return undefined;
  return {
    of: (address) => networks.find((network) => network?.list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')),
  };
}

function networkIn(part: string) {
  const [, address = '', bits = '', limit = ''] = /^([0-9a-f:.]+)\/([0-9]{1,3})=([0-9]{1,7})$/i.exec(part) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return { list, name: `${address}/${bits}`, limit: Number(limit) };
}
