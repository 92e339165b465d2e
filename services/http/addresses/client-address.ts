import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';

/** An address lives for the call alone. */
export interface ClientAddress {
  /** Four bytes or sixteen. */
  readonly bytes: Uint8Array;
  /** The client itself holds the connection: no header was believed. */
  readonly direct: boolean;
}

/** Where the request began, as far as proxies are trusted; undefined when the connection is gone. */
export function clientAddress(request: FastifyRequest, proxies: TrustedProxies): ClientAddress | undefined {
  const peer = bytesOf(request.socket.remoteAddress ?? '');
  if (!peer) return undefined;
  let client: ClientAddress = { bytes: peer, direct: true };
  if (!isProxy(peer, 0, proxies)) return client;
  const forwarded = forwardedFor(request);
  for (let hop = 0; isProxy(client.bytes, hop, proxies); hop++) {
    const said = forwarded.pop();
    const before = bytesOf(said ?? '');
    // What a proxy says of its client and cannot be read is not this machine, which is exempt: it counts as the proxy's.
    if (!before) return { bytes: client.bytes, direct: client.direct && !said };
    client = { bytes: before, direct: false };
  }
  return client;
}

/** Headers by which a proxy says where a request began. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'] as const;

/**
 * Whether a program on this machine says that the request began elsewhere, and nobody has said that it is to be
 * believed. Taken as this machine's own such requests would meet no limit at all.
 */
export function isUntoldProxy(request: FastifyRequest, proxies: TrustedProxies): boolean {
  const peer = bytesOf(request.socket.remoteAddress ?? '');
  if (!peer || !isLoopback(peer) || isProxy(peer, 0, proxies)) return false;
  return FORWARDED.some((name) => request.headers[name] !== undefined);
}

/** Whether a trusted proxy says that the client spoke TLS to it. */
export function cameByHttps(request: FastifyRequest, proxies: TrustedProxies): boolean {
  const peer = bytesOf(request.socket.remoteAddress ?? '');
  if (!peer || !isProxy(peer, 0, proxies)) return false;
  const [first = ''] = String(request.headers['x-forwarded-proto'] ?? '').split(',');
  return first.trim().toLowerCase() === 'https';
}

/** Whether who holds the connection is a trusted proxy, which many clients come through. */
export function isTrustedPeer(address: string, proxies: TrustedProxies): boolean {
  const peer = bytesOf(address);
  return peer !== undefined && isProxy(peer, 0, proxies);
}

export function isLoopback(bytes: Uint8Array): boolean {
  if (bytes.length === 4) return bytes[0] === 127;
  return bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

/** The network that counts as one party: /24 of IPv4, /48 of IPv6. */
export function prefixOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length === 4 ? 3 : 6);
}

function isProxy(bytes: Uint8Array, hop: number, { hops, networks }: TrustedProxies): boolean {
  if (!networks) return hop < hops;
  return networks.check(dottedOrColons(bytes), bytes.length === 4 ? 'ipv4' : 'ipv6');
}

/** The client first, the last proxy's client last. Only its end can be believed, and a header of thousands is cut. */
function forwardedFor(request: FastifyRequest): string[] {
  const header = request.headers['x-forwarded-for'] ?? '';
  return String(header)
    .slice(-2_000)
    .split(',')
    .map((part) =>
      part
        .trim()
        .replace(/^\[(.*)\](?::\d+)?$/, '$1')
        .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1'),
    );
}

const LOOPBACK = Uint8Array.of(127, 0, 0, 1);

/** The address's bytes; an IPv4 address in IPv6 clothes is an IPv4 address. Undefined for what is no address. */
export function bytesOf(text: string): Uint8Array | undefined {
  // What a proxy or a program on the same machine comes from, with every request.
  if (text === '127.0.0.1') return LOOPBACK;
  const address = text.replace(/%.*$/, '');
  // Node judges what is one: the package takes 1.2.3 and 0x7f.1 too.
  return isIP(address) === 0 ? undefined : Uint8Array.from(ipaddr.process(address).toByteArray());
}

/** The address's text. */
export function dottedOrColons(bytes: Uint8Array): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}
