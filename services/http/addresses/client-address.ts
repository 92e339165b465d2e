import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
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
  return bytes.length === 4 ? networks.check(dotted(bytes), 'ipv4') : networks.check(colons(bytes), 'ipv6');
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
  const family = isIP(address);
  if (family === 4) return Uint8Array.from(address.split('.'), Number);
  if (family === 0) return undefined;
  const bytes = ipv6Bytes(address);
  const mapped = bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
  return mapped ? bytes.subarray(12) : bytes;
}

function ipv6Bytes(address: string): Uint8Array {
  // The last four bytes may be written as an IPv4 address.
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes) => {
    const [a, b, c, d] = bytes.map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail)];
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The address's text. */
export function dottedOrColons(bytes: Uint8Array): string {
  return bytes.length === 4 ? dotted(bytes) : colons(bytes);
}

const dotted = (bytes: Uint8Array) => bytes.join('.');
const colons = (bytes: Uint8Array) =>
  Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16)).join(':');
