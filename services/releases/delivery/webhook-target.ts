import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Failure } from '../../shared/failure.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Every address of a host's name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export interface Target {
  readonly url: URL;
  /** What to connect to, and nothing else: the name is not looked up a second time. */
  readonly addresses: readonly [Address, ...Address[]];
}

/** Why no webhook may have this URL; the words are reasons of an answer and codes of failures. */
export type UrlFault = 'not-a-url' | 'not-https' | 'has-credentials' | 'not-public';

/**
 * What is wrong with a webhook's URL by its text alone; undefined when nothing is. It is https to a public host. In a
 * lab, and only there, it may be to this machine itself, also by http: what listens there may trust whoever calls.
 */
export function webhookUrlFault(text: string, lab = false): UrlFault | undefined {
  const url = parse(text);
  if (!url) return 'not-a-url';
  if (url.username !== '' || url.password !== '') return 'has-credentials';
  if (url.protocol === 'http:') return lab && isLoopbackHost(hostOf(url)) ? undefined : 'not-https';
  if (url.protocol !== 'https:') return 'not-https';
  return isIP(hostOf(url)) !== 0 && !isPublicAddress(hostOf(url)) ? 'not-public' : undefined;
}

/**
 * The URL with addresses that may be connected to. Throws `webhook-` and the fault, or `webhook-unresolved`. One
 * address that is not public is enough to refuse all: a name that mixes them is an attack or a mistake.
 */
export async function resolveTarget(text: string, resolve: Resolve = lookUp, lab = false): Promise<Target> {
  const fault = webhookUrlFault(text, lab);
  if (fault) throw new Failure(`webhook-${fault}`);
  const url = new URL(text);
  const host = hostOf(url);
  const addresses = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host).catch(() => []);
  const [first, ...more] = addresses;
  if (!first) throw new Failure('webhook-unresolved');
  // A lab's own server over TLS has a name: certificates are made for names.
  const allowed = url.protocol === 'http:' || (lab && host === 'localhost') ? isLoopbackAddress : isPublicAddress;
  if (!addresses.every(({ address }) => allowed(address))) throw new Failure('webhook-not-public');
  return { url, addresses: [first, ...more] };
}

/** Visible ASCII only: what is signed, shown and called is the same text. */
function parse(text: string): URL | undefined {
  return /^[\x21-\x7e]{1,2000}$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

function lookUp(host: string): Promise<Address[]> {
  return lookup(host, { all: true });
}
