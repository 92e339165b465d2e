import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem, type Problem } from './problem.ts';

const NO_TUNNEL: Problem = {
  status: 405,
  type: 'method-not-allowed',
  detail: 'This server is no proxy: it opens no tunnel.',
  headers: { allow: 'GET, HEAD, POST, DELETE' },
};

const UNMET: Problem = {
  status: 417,
  type: 'expectation-failed',
  detail: 'Expect may be 100-continue.',
};

export interface Answering {
  /** Writes a problem to a connection and ends it. */
  readonly toSocket: (socket: Socket, problem: Problem) => void;
  readonly toResponse: (response: ServerResponse, problem: Problem) => void;
}

/**
 * What node would answer by itself, without a body or not at all, is answered as a problem: CONNECT, an expectation that
 * is not met, a request without its one Host (RFC 9112, 3.2).
 */
export function strictRequests(app: FastifyInstance, { toSocket, toResponse }: Answering): void {
  app.server.on('connect', (_request: IncomingMessage, socket: Socket) => toSocket(socket, NO_TUNNEL));
  app.server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
    toResponse(response, UNMET),
  );
  app.addHook('onRequest', (request, _reply, done) => {
    // Whoever asked has hung up: nothing is done, and there is nobody to tell.
    if (!request.raw.socket.destroyed) done(hostProblem(request.raw));
  });
}

function hostProblem({ httpVersion, rawHeaders }: IncomingMessage): HttpProblem | undefined {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return undefined;
  return new HttpProblem({ status: 400, type: 'bad-request', detail: 'A request has one Host header.' });
}

/** JSON is UTF-8 (RFC 8259, 8.1): another charset is another type. */
export function demandUtf8({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new HttpProblem({ status: 415, type: 'unsupported-charset', detail: 'JSON is UTF-8: send it so.' });
}
