import type { FastifyRequest } from 'fastify';

/** As much of a request as says where it comes from. */
export function requestFrom(remoteAddress: string, headers: Record<string, string> = {}): FastifyRequest {
  return { socket: { remoteAddress }, headers } as unknown as FastifyRequest;
}
