import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pause } from '../shared/clock.ts';

export interface ClosingTimes {
  /** From the word to close until no connection is accepted any more. */
  readonly lingerMs: number;
  /** After that: how long a connection may take that has sent no whole head of a request. */
  readonly silentMs: number;
  /** Of a body that has not come to its end: how long nothing more of it may arrive. */
  readonly stuckMs: number;
  /** After that: how long a request in progress may take. */
  readonly answeringMs: number;
}

/**
 * Who sends to this server learns of its end only by trying. The linger is for what the system has taken and this
 * process has not: a connection in the listener's queue is reset when the listener closes, so it is emptied first.
 * A silent connection may be one whose bytes are on their way; two seconds are longer than a lost packet's first repeat.
 * A request in progress waits for a block and for the log; all of it together for less than the ten seconds after which
 * whoever stops containers ends them by force.
 */
export const CLOSING_TIMES: ClosingTimes = { lingerMs: 200, silentMs: 2_000, stuckMs: 2_000, answeringMs: 7_000 };

const SWEEP_MS = 50;

/**
 * What has arrived when the server is told to close is answered, with `Connection: close`. Then each connection is
 * closed: an answered one at once, the others when their time is over, so that no client can hold the process.
 */
export function answerBeforeClosing(app: FastifyInstance, times: ClosingTimes): void {
  const traffic = watch(app);
  app.addHook('preClose', async () => {
    if (!app.server.listening) return;
    // Those that arrive from now on are told by the framework.
    for (const response of traffic.unanswered) if (!response.headersSent) response.setHeader('connection', 'close');
    await pause(times.lingerMs);
    // One turn of the event loop in which waiting connections are taken: the pause may have ended in a turn that was late.
    await new Promise((resolve) => setImmediate(resolve));
    closeWhatIsLeft(app, traffic, times);
  });
}

interface Traffic {
  readonly connections: ReadonlyMap<Socket, unknown>;
  readonly unanswered: ReadonlySet<ServerResponse>;
}

function watch({ server }: FastifyInstance): Traffic {
  /** With what waits for an answer on each. */
  const connections = new Map<Socket, Set<ServerResponse>>();
  const unanswered = new Set<ServerResponse>();
  server.on('connection', (socket) => {
    connections.set(socket, new Set());
    socket.once('close', () => {
      // One that waited behind another's answer never hears of it.
      for (const response of connections.get(socket) ?? []) unanswered.delete(response);
      connections.delete(socket);
    });
  });
  server.on('request', ({ socket }, response) => {
    const own = connections.get(socket);
    unanswered.add(response);
    own?.add(response);
    response.once('close', () => {
      unanswered.delete(response);
      own?.delete(response);
    });
  });
  return { connections, unanswered };
}

/** The server itself enforces no time limit once it closes: node ends its checks of connections then. */
function closeWhatIsLeft({ server }: FastifyInstance, traffic: Traffic, times: ClosingTimes): void {
  const { silentMs, stuckMs, answeringMs } = times;
  // Idle is, in node's words, what was answered and has begun no other request: never a connection that sent nothing yet.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const silent = setTimeout(() => closeSilent(traffic), silentMs);
  const arrived = new Map<Socket, number>();
  const stuck = setInterval(() => closeStuck(traffic, arrived), stuckMs);
  const last = setTimeout(() => server.closeAllConnections(), answeringMs);
  server.once('close', () => {
    clearInterval(sweep);
    clearTimeout(silent);
    clearInterval(stuck);
    clearTimeout(last);
  });
}

function closeSilent({ connections, unanswered }: Traffic): void {
  const answering = new Set([...unanswered].map(({ req }) => req.socket));
  for (const socket of connections.keys()) if (!answering.has(socket)) socket.destroy();
}

/** Nothing was taken of a request whose body has no end: it may be sent again. `arrived`: bytes at the look before. */
function closeStuck({ unanswered }: Traffic, arrived: Map<Socket, number>): void {
  for (const { req } of unanswered) {
    const { socket } = req;
    if (!req.complete && arrived.get(socket) === socket.bytesRead) socket.destroy();
    arrived.set(socket, socket.bytesRead);
  }
}
