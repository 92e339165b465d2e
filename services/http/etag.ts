import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A strong tag: the same for the same content, and for nothing else. */
export function etagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

/**
 * Whether If-None-Match (RFC 9110, 13.1.2) names the tag: alone or in a list, or by `*`. Compared weakly, as it says: a
 * proxy that compresses makes a tag weak, and the content is the same.
 */
export function isInIfNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  // A comma may stand within a tag: they are found by their quotes.
  return Array.from(header.matchAll(/(?:W\/)?("[^"]*")/g), ([, tag]) => tag).includes(etag);
}

/** Gives the answer its tag; answers 304 and says so when the caller has what the tag is of. */
export function isNotModified(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  reply.header('etag', etag);
  if (!isInIfNoneMatch(request.headers['if-none-match'], etag)) return false;
  reply.code(304).send();
  return true;
}
