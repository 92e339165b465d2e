import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { Failure } from '../../shared/failure.ts';
import { isLoopback, type ProxySettings, proxyFor } from './proxy.ts';

/** How the agent reaches a service. */
export interface Route {
  readonly proxy?: ProxySettings;
  /** Certificates that are trusted besides those that the runtime brings, as PEM. */
  readonly ca?: string | undefined;
}

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Undefined when there was more than anybody should say. */
  readonly body: Buffer | undefined;
}

const MAX_ANSWER_BYTES = 512 * 1024;

/**
 * One request on one connection, which ends with it. What leaves this machine is TLS and is verified: plain http is spoken to this
 * machine itself only, be it the service or a proxy. Nothing is followed. Throws Failure `plain-http`, `proxy-refused`,
 * `not-trusted` (a certificate) or `unreachable`.
 */
export async function exchange(url: string, asked: Asked, route: Route = {}): Promise<Answered> {
  const target = new URL(url);
  const proxy = proxyFor(target, route.proxy ?? {});
  if (target.protocol === 'http:' && !isLoopback((proxy ?? target).hostname)) throw new Failure('plain-http');
  const trust = route.ca === undefined ? {} : { ca: [...tls.rootCertificates, route.ca] };
  try {
    if (target.protocol === 'https:') {
      const tunnel =
        proxy === undefined ? {} : { createConnection: await tunnelTo(target, proxy, asked.timeoutMs, trust) };
      return await ask(
        https.request(target, { ...plain(asked), ...trust, rejectUnauthorized: true, ...tunnel }),
        asked,
      );
    }
    if (proxy === undefined) return await ask(http.request(target, plain(asked)), asked);
    const headers = { ...asked.headers, host: target.host, ...credentials(proxy) };
    return await ask(http.request(proxy, { ...plain(asked), headers, path: target.href }), asked);
  } catch (thrown) {
    throw classified(thrown);
  }
}

/** The text of a file of certificates. Throws Failure `no-certificates`. */
export function readCertificates(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch {
    // Said below.
  }
  throw new Failure('no-certificates');
}

function plain({ method, headers, timeoutMs }: Asked): https.RequestOptions {
  return { method, headers, timeout: timeoutMs, agent: false };
}

function credentials(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function ask(request: http.ClientRequest, { body, timeoutMs }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const over = setTimeout(() => request.destroy(new Failure('unreachable')), timeoutMs);
    const fail = (thrown: unknown) => {
      clearTimeout(over);
      reject(thrown);
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      let total = 0;
      const done = (whole: Buffer | undefined) => {
        clearTimeout(over);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole });
      };
      response.on('data', (part: Buffer) => {
        total += part.length;
        if (total > MAX_ANSWER_BYTES) {
          done(undefined);
          request.destroy();
        } else parts.push(part);
      });
      response.on('end', () => done(Buffer.concat(parts)));
      response.on('error', fail);
    });
    request.end(body);
  });
}

/** A connection through the proxy (RFC 9110, 9.3.6): TLS runs inside it, from here to the service. */
async function tunnelTo(target: URL, proxy: URL, timeoutMs: number, trust: { ca?: string[] }) {
  const authority = `${target.hostname}:${target.port || 443}`;
  const speak = proxy.protocol === 'https:' ? https : http;
  const request = speak.request(proxy, {
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...credentials(proxy) },
    timeout: timeoutMs,
    agent: false,
    ...trust,
  });
  const socket = await new Promise<Socket>((resolve, reject) => {
    request.on('connect', (response, opened) => {
      if (response.statusCode === 200) return resolve(opened);
      opened.destroy();
      reject(new Failure('proxy-refused'));
    });
    request.on('response', () => reject(new Failure('proxy-refused')));
    request.on('timeout', () => request.destroy());
    request.on('error', reject);
    request.end();
  });
  const servername = /^[\d.]+$|:/.test(target.hostname) ? '' : target.hostname;
  return () => tls.connect({ socket, servername, host: target.hostname, rejectUnauthorized: true, ...trust });
}

/** Messages of these errors hold addresses: a code is enough. */
function classified(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const code = String((thrown as NodeJS.ErrnoException)?.code ?? '');
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code)) return new Failure('not-trusted');
  return new Failure('unreachable');
}
