import type { FastifyInstance } from 'fastify';
import { SECURITY_HEADERS } from './server.ts';

/**
 * What every answer says to a browser, unless the route has said it already. There is no Access-Control header, so no
 * page of another origin reads an answer.
 */
export function securityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    // A receipt goes to an agent, no browser reads it, and there are more of them than of everything else.
    if (reply.statusCode === 202) return done(null, payload);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value);
    const signedIn = request.headers.authorization !== undefined || request.headers.cookie !== undefined;
    if ((signedIn || reply.statusCode >= 400) && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
