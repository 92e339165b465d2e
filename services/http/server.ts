import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { describeFailure, Failure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';
import { allowedMethods } from './allowed-methods.ts';
import { overwriteSockets } from './bodies/overwritten-sockets.ts';
import { type BodyLimits, overwriteUnread, readBody } from './bodies/read-body.ts';
import { answerBeforeClosing, CLOSING_TIMES, type ClosingTimes } from './closing.ts';
import { type ConnectionLimits, limitConnections } from './limits/connections.ts';
import { type Door, standAt } from './limits/door.ts';
import { HttpProblem, type Problem } from './problem.ts';
import { demandUtf8, strictRequests } from './strict-requests.ts';

export { HttpProblem, type Problem } from './problem.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  417: 'Expectation failed',
  422: 'Not possible now',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Unavailable',
};

export interface HttpOptions extends BodyLimits {
  readonly log: Log;
  /** Turns a service's own failures into problems; undefined for those it does not know. */
  readonly problemOf?: (thrown: unknown) => Problem | undefined;
  readonly closing?: ClosingTimes;
  readonly connections?: ConnectionLimits;
  /** What is turned away before the framework sees it. */
  readonly door?: Door;
}

/** Routes have schemas of zod (serve-routes.ts) and none of the framework's, whose compilers would be loaded all the same. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } };
const NO_LIMITS: ConnectionLimits = { perAddress: 0, isExempt: () => false };
/** Longer than the 72 seconds that an idle connection is kept: this ends one whose client fetches nothing of an answer. */
const IDLE_MS = 120_000;

/** What every answer says to a browser. It is here for errors of the framework, which pass none of the hooks. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // An answer of the API is no page: it loads nothing and stands in no frame.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const PROBLEM_HEADERS = {
  ...SECURITY_HEADERS,
  'cache-control': 'no-store',
  'content-type': 'application/problem+json',
} as const;

/**
 * An HTTP server without routes. It logs no request: addresses and bodies stay out of every log. Bodies are JSON bytes
 * (gzip accepted), handed to the handler as they came, in the only copy that there is of them.
 */
export function buildHttp(options: HttpOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: options.maxWireBytes,
    schemaController: NO_SCHEMAS,
    requestTimeout: 30_000,
    connectionTimeout: IDLE_MS,
    // A missing Host is answered as a problem: see strict-requests.ts.
    http: { requireHostHeader: false },
    // What arrives while the server closes is answered like any other: see closing.ts.
    return503OnClosing: false,
    // A bad path must answer as a problem, without the path in it.
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, problemFrom(error, options)),
    clientErrorHandler: refuseMalformed,
  });
  if (options.door) standAt(app.server, options.door, answerBusy);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    demandUtf8(request);
    return readBody(payload, options);
  });
  overwriteSockets(app.server);
  overwriteUnread(app.server);
  limitConnections(app.server, options.connections ?? NO_LIMITS, writeProblem);
  strictRequests(app, { toSocket: writeProblem, toResponse: respondProblem });
  const methodsOf = allowedMethods(app);
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemFrom(error, options)));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(request.method, methodsOf(request.url))));
  answerBeforeClosing(app, options.closing ?? CLOSING_TIMES);
  return app;
}

function refuseSchema(): never {
  throw new Error('a route with a schema of the framework');
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ ...PROBLEM_HEADERS, ...problem.headers })
    .send(bodyOf(problem));
}

function bodyOf({ status, type, detail, extra }: Problem): string {
  return JSON.stringify({ type: `/problems/${type}`, title: TITLES[status] ?? 'Error', status, detail, ...extra });
}

/** RFC 9110, 15.5.6: who asks the wrong way is told the right ones. A name that is too long for a route is one of nothing. */
function notFound(method: string, methods: readonly string[]): Problem {
  if (methods.length === 0 || methods.includes(method))
    return { status: 404, type: 'not-found', detail: 'There is nothing here.' };
  const headers = { allow: methods.join(', ') };
  return { status: 405, type: 'method-not-allowed', detail: 'The methods of this path are in Allow.', headers };
}

/** What cannot be read as HTTP has no request and no reply: the answer is written to the connection, which ends. */
function refuseMalformed({ code }: { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET') return void socket.destroy();
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  writeProblem(socket, { status, type: 'bad-request', detail: 'The request cannot be read.' });
}

function tryLater(type: string): Problem {
  return { status: 503, type, detail: 'Nothing was taken. Try again later.', headers: { 'retry-after': '5' } };
}

const BUSY = bodyOf(tryLater('busy'));
const BUSY_HEADERS = {
  ...PROBLEM_HEADERS,
  ...tryLater('busy').headers,
  'content-length': Buffer.byteLength(BUSY),
} as const;

/** As any other 503, and made once. The connection stays: to open another costs more. */
function answerBusy(response: ServerResponse): void {
  response.writeHead(503, BUSY_HEADERS).end(BUSY);
}

function writeProblem(socket: Socket, problem: Problem): void {
  if (!socket.writable) return void socket.destroy();
  const { body, headers } = closingAnswer(problem);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const { status } = problem;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}

function respondProblem(response: ServerResponse, problem: Problem): void {
  const { body, headers } = closingAnswer(problem);
  response.writeHead(problem.status, headers).end(body);
}

/** For those that are no requests of the framework. */
function closingAnswer(problem: Problem): { body: string; headers: Record<string, string | number> } {
  const body = bodyOf(problem);
  const length = { 'content-length': Buffer.byteLength(body), connection: 'close' };
  return { body, headers: { ...PROBLEM_HEADERS, ...problem.headers, ...length } };
}

function problemFrom(thrown: unknown, options: HttpOptions): Problem {
  const known = thrown instanceof HttpProblem ? thrown.problem : options.problemOf?.(thrown);
  if (known) return known;
  if (thrown instanceof Failure && thrown.retryable) return tryLater(thrown.code);
  const problem = frameworkProblem(thrown as FastifyError, options);
  if (problem) return problem;
  options.log.error('request failed', describeFailure(thrown));
  return { status: 500, type: 'internal', detail: 'This is a defect of the server.' };
}

/** The framework's errors by code: their messages may quote the request. */
function frameworkProblem(error: FastifyError, options: HttpOptions): Problem | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { status: 415, type: 'unsupported-media-type', detail: 'Content-Type must be application/json.' };
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, type: 'too-large', detail: `The body is over ${options.maxWireBytes} bytes.` };
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return { status: 400, type: 'invalid-json', detail: 'The body is empty.' };
    default:
  }
  const status = error.statusCode;
  if (status !== undefined && status >= 400 && status < 500)
    return { status, type: 'bad-request', detail: 'The request cannot be read.' };
  return undefined;
}
