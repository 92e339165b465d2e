import type { FastifyReply, FastifyRequest } from 'fastify';
import { cameByHttps } from '../../../http/addresses/client-address.ts';
import type { TrustedProxies } from '../../../shared/trusted-proxies.ts';
import type { Attempt } from './oidc.ts';

const NAME = 'rollcall_oidc';
const SECONDS = 600;
/** As `base64url` writes it. */
const WORD = '[A-Za-z0-9_-]{20,128}';
const VALUE = new RegExp(`^(${WORD})\\.(${WORD})\\.(${WORD})\\.([A-Za-z0-9_-]{0,2048})$`);

/** An attempt and the page of ours that it leads to. */
export interface KeptAttempt extends Attempt {
  readonly next: string;
}

/**
 * Ties the answer to the browser that asked. Lax: the way back from the provider is a link from another site. It is for
 * this one path, for ten minutes, and no server keeps anything of it, so any process may take the answer.
 */
export function keepAttempt(request: FastifyRequest, reply: FastifyReply, kept: KeptAttempt, proxies: TrustedProxies) {
  const next = Buffer.from(kept.next).toString('base64url');
  write(request, reply, [kept.state, kept.nonce, kept.verifier, next].join('.'), SECONDS, proxies);
}

/** What was kept, once: it is forgotten with the answer. */
export function takeAttempt(request: FastifyRequest, reply: FastifyReply, proxies: TrustedProxies) {
  write(request, reply, '', 0, proxies);
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value = ''] = part.trim().split('=', 2);
    const [, state, nonce, verifier, next] = (name === NAME && VALUE.exec(value)) || [];
    if (state !== undefined && nonce !== undefined && verifier !== undefined)
      return { state, nonce, verifier, next: Buffer.from(next ?? '', 'base64url').toString() } satisfies KeptAttempt;
  }
  return undefined;
}

function write(
  request: FastifyRequest,
  reply: FastifyReply,
  value: string,
  maxAgeSeconds: number,
  proxies: TrustedProxies,
): void {
  const secure = cameByHttps(request, proxies) ? '; Secure' : '';
  const attributes = `Path=/v1/session/oidc; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
  reply.header('set-cookie', `${NAME}=${value}; ${attributes}`);
}
