import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../shared/http.ts';
import type { Caller, Rule } from './route.ts';

/** Finds out who calls. */
export interface Access {
  /**
   * The caller behind the request's key or session; undefined when it carries neither. Throws 401 for a key that is
   * wrong, expired or revoked, 403 for a session's changing request without its CSRF token.
   */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined>;
}

const NOT_SIGNED_IN = {
  status: 401,
  type: 'not-signed-in',
  detail: 'Send Authorization: Bearer KEY with a valid access key.',
  headers: { 'www-authenticate': 'Bearer' },
} as const;

/** Throws 401 when nobody is signed in and somebody must be, 403 when the caller's scopes are not in the rule. */
export function authorise(rule: Rule, caller: Caller | undefined): void {
  if (rule === 'public') return;
  if (!caller) throw new HttpProblem(NOT_SIGNED_IN);
  const roles = caller.scopes.map((scope) => (scope.startsWith('manufacturer:') ? 'manufacturer' : scope));
  if (!roles.some((role) => role === 'admin' || rule.some((allowed) => allowed === role)))
    throw new HttpProblem({
      status: 403,
      type: 'wrong-scope',
      detail: `This needs one of the scopes ${rule.join(', ')}.`,
    });
}

/** One key, the configured admin's. Keys are compared as digests of equal length: the time taken says nothing. */
export function adminAccess(adminKey: string): Access {
  const expected = digest(adminKey);
  return {
    async authenticate(request) {
      if (request.headers.authorization === undefined) return undefined;
      const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization)?.[1];
      if (given === undefined || !timingSafeEqual(digest(given), expected)) throw new HttpProblem(NOT_SIGNED_IN);
      return { keyId: 'admin', scopes: ['admin'], manufacturer: undefined };
    },
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
