import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Rule } from './route.ts';
import { HttpProblem } from './server.ts';

/** Finds out who calls. */
export interface Access {
  /**
   * The caller behind the request's key or session; undefined when it carries neither. Throws 401 for a key that is
   * wrong, expired or revoked, 403 for a session's changing request without its CSRF token.
   */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined>;
}

export const NOT_SIGNED_IN = {
  status: 401,
  type: 'not-signed-in',
  detail: 'Send Authorization: Bearer KEY with a valid access key.',
  headers: { 'www-authenticate': 'Bearer' },
} as const;

/** Throws 401 when nobody is signed in and somebody must be, 403 when the caller's scopes are not in the rule. */
export function authorise(rule: Rule, caller: Caller | undefined): void {
  if (rule === 'public') return;
  if (!caller) throw new HttpProblem(NOT_SIGNED_IN);
  if (!mayCall(rule, caller))
    throw new HttpProblem({
      status: 403,
      type: 'wrong-scope',
      detail: `This needs one of the scopes ${rule.join(', ')}.`,
    });
}

/** Whether somebody's scopes are in the rule. */
export function mayCall(rule: Rule, caller: Caller | undefined): boolean {
  if (rule === 'public') return true;
  const roles = caller?.scopes.map((scope) => (scope.startsWith('manufacturer:') ? 'manufacturer' : scope)) ?? [];
  return roles.some((role) => role === 'admin' || rule.some((allowed) => allowed === role));
}
