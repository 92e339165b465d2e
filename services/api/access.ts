import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../shared/http.ts';

/** Who may read. Keys are compared as digests of equal length, so the time taken says nothing. */
export interface Access {
  /** Throws 401 unless the request carries a key that may read counts. */
  requireReader(request: FastifyRequest): void;
}

export function adminAccess(adminKey: string): Access {
  const expected = digest(adminKey);
  return {
    requireReader(request) {
      const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
      if (given === undefined || !timingSafeEqual(digest(given), expected))
        throw new HttpProblem({
          status: 401,
          type: 'not-signed-in',
          detail: 'Send Authorization: Bearer KEY with a valid access key.',
          headers: { 'www-authenticate': 'Bearer' },
        });
    },
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
