import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Access, NOT_SIGNED_IN } from '../../http/access.ts';
import type { AddressNames, Limit } from '../../http/limits/rate-limit.ts';
import type { Caller } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';
import { sessionToken } from './cookie.ts';
import type { Keys, Refusal } from './keys.ts';
import { type Sessions, sameToken } from './sessions.ts';

/** The 401 for a key that is none. Only who has the whole key learns that it is expired or revoked. */
export function refusedKey(refusal: Refusal): HttpProblem {
  const { type, detail } = REFUSALS[refusal];
  return new HttpProblem({ ...NOT_SIGNED_IN, type, detail });
}

const REFUSALS: Readonly<Record<Refusal, { type: string; detail: string }>> = {
  mistyped: { type: 'mistyped-key', detail: 'The access key is not whole: a character is missing, added or wrong.' },
  unknown: NOT_SIGNED_IN,
  expired: { type: 'expired-key', detail: 'The access key has expired. Ask an admin for a new one.' },
  revoked: { type: 'revoked-key', detail: 'The access key was revoked. Ask an admin for a new one.' },
};

export interface StoredAccessDeps {
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly proxies: TrustedProxies;
  /** Of each key's requests. */
  readonly reads: Limit;
  /** Of each network's keys that are none: to look for one costs a look into the store. */
  readonly wrongKeys: Limit;
  readonly names: AddressNames;
}

/** Keys in the Authorization header, sessions in the cookie. A request with both is the key's. */
export function storedAccess({ keys, sessions, proxies, reads, wrongKeys, names }: StoredAccessDeps): Access {
  const byKey = async (request: FastifyRequest, reply: FastifyReply, header: string): Promise<Caller> => {
    const found = await keys.find(bearerOf(header));
    if (typeof found !== 'string') return found.caller;
    // A key that is one is let in whoever else guesses from its network.
    const party = names.of(request);
    if (party !== undefined) await wrongKeys.take(party, reply);
    throw refusedKey(found);
  };
  const bySession = async (request: FastifyRequest): Promise<Caller | undefined> => {
    const token = sessionToken(request, proxies);
    const session = token === undefined ? undefined : await sessions.find(token);
    if (session) demandCsrfToken(request, session.csrfToken);
    return session?.caller;
  };
  return {
    async authenticate(request, reply) {
      const { authorization } = request.headers;
      const caller =
        authorization === undefined ? await bySession(request) : await byKey(request, reply, authorization);
      if (caller) await reads.take(names.ofKey(caller.keyId), reply);
      return caller;
    },
  };
}

/** Signing in proves itself by the key in its body, also in a browser that is signed in already. */
const PROVES_ITSELF = 'POST /v1/session';

function demandCsrfToken(request: FastifyRequest, expected: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (`${request.method} ${request.routeOptions.url}` === PROVES_ITSELF) return;
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && sameToken(given, expected)) return;
  throw new HttpProblem({
    status: 403,
    type: 'csrf-token-missing',
    detail: 'Send the csrfToken of GET /v1/session as X-CSRF-Token.',
  });
}

function bearerOf(header: string): string {
  const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
  if (given === undefined) throw new HttpProblem(NOT_SIGNED_IN);
  return given;
}
