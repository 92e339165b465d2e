import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from '../problem.ts';

export interface ConnectionLimits {
  /** Open connections of one address; 0: no limit. */
  readonly perAddress: number;
  /** Addresses that many clients come from: proxies. */
  readonly isExempt: (address: string) => boolean;
  /** Of all addresses together: {@link MOST_CONNECTIONS} unless something else is said. */
  readonly most?: number;
}

/**
 * Open connections of all addresses together. What each has sent is read in one turn of the event loop: this bounds how long
 * that takes. One more is closed at once, without a word, because words for all of them would cost more than answers for some.
 */
const MOST_CONNECTIONS = 4_096;

/** Requests of one connection that are not answered yet. Browsers and agents send one at a time. */
const MAX_PIPELINED = 64;

const TOO_MANY_CONNECTIONS: Problem = {
  status: 429,
  type: 'too-many-connections',
  detail: 'This address has too many connections open, or too many requests on one of them.',
  headers: { 'retry-after': '5' },
};

/**
 * Bounds what one address can hold: connections, and requests on one connection whose answers it does not fetch. `refuse`
 * writes a problem to a connection and ends it.
 */
export function limitConnections(
  server: Server,
  { perAddress, isExempt, most = MOST_CONNECTIONS }: ConnectionLimits,
  refuse: (socket: Socket, problem: Problem) => void,
): void {
  server.maxConnections = most;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (perAddress === 0 || isExempt(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > perAddress) refuse(socket, TOO_MANY_CONNECTIONS);
  });
  endPipelines(server);
}

/** A connection whose client asks and asks and reads nothing is ended: what it would get nobody waits for. */
function endPipelines(server: Server): void {
  const unanswered = new WeakMap<Socket, number>();
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (count > MAX_PIPELINED) socket.destroy();
  });
}
