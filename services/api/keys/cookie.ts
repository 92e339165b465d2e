import type { FastifyReply, FastifyRequest } from 'fastify';
import { cameByHttps } from '../../http/addresses/client-address.ts';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';
import { ABSOLUTE_MS } from './sessions.ts';

const PLAIN = 'rollcall_session';
/** A browser takes this name only from this host and over TLS: no other host can plant a session. */
const SECURE = '__Host-rollcall_session';

/** The token in the request's cookie. What came by https is asked for the cookie that only https can set. */
export function sessionToken(request: FastifyRequest, proxies: TrustedProxies): string | undefined {
  const name = cameByHttps(request, proxies) ? SECURE : PLAIN;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return undefined;
}

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string, proxies: TrustedProxies) {
  write(request, reply, token, ABSOLUTE_MS / 1000, proxies);
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply, proxies: TrustedProxies) {
  write(request, reply, '', 0, proxies);
}

function write(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  maxAgeSeconds: number,
  proxies: TrustedProxies,
): void {
  const secure = cameByHttps(request, proxies);
  const name = secure ? SECURE : PLAIN;
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`;
  reply.header('set-cookie', `${name}=${token}; ${attributes}`);
}
