import { prefixOf } from './client-address.ts';

/** An address's network (/24, /48), and the one that an operator of many has (/16, /32). */
export function networksOf(bytes: Uint8Array): { readonly own: Uint8Array; readonly wide: Uint8Array } {
  return { own: prefixOf(bytes), wide: bytes.subarray(0, bytes.length === 4 ? 2 : 4) };
}
