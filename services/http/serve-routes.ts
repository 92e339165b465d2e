import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type Access, authorise } from './access.ts';
import { acceptedFormat, type Format, fileName, sendTable } from './formats/formats.ts';
import { Lane } from './limits/lane.ts';
import { type ParameterProblem, WHOLE_LIST } from './query-parts.ts';
import type { Route } from './route.ts';
import { HttpProblem } from './server.ts';

/**
 * What asks the store: a few at a time, because what has begun is waited for however long it takes (the embedded store
 * answers one after another), and as many in line as are answered before those who ask give up. An answer takes some 10
 * to 80 ms.
 */
const READS = { maxRunning: 4, maxWaiting: 128, maxWaitMs: 5_000, sliceMs: 20 } as const;

/** For who serves routes, and whoever gives way to them. */
export function readsLane(): Lane {
  return new Lane(READS);
}

/** Serves the routes: who calls, whether they may, what they ask, then the handler. In that order. */
export function serveRoutes(app: FastifyInstance, routes: readonly Route[], access: Access, lane = readsLane()): void {
  for (const route of routes)
    app.route({
      method: route.method,
      url: route.path,
      handler: async (request, reply) => {
        const caller = await access.authenticate(request, reply);
        authorise(route.allow, caller);
        const { format, raw } = formatOf(route, request);
        const query = wholeOrPaged(route.query ? parseParameters(route.query, raw) : {}, raw, format);
        const body = route.body ? parseBody(route.body, request) : undefined;
        const params = parseParameters(route.params ?? AnyParams, request.params);
        const call = { query, body, params, caller, format, request, reply };
        const answer = await lane.run(
          async () => route.handle(call),
          () => request.raw.socket.destroyed,
        );
        if (reply.sent) return reply;
        reply.code(route.status ?? 200);
        return format === 'json' || !route.table
          ? answer
          : sendTable(reply, route.table(answer as never), format, fileName(nameOf(route), { query, answer }));
      },
    });
}

/** A file is the whole list, unless it was asked for a page of it. */
function wholeOrPaged<Q>(query: Q, raw: unknown, format: Format): Q {
  const paged = typeof query === 'object' && query !== null && 'limit' in query;
  const asked = (raw as { limit?: unknown }).limit !== undefined;
  return paged && !asked && format !== 'json' ? { ...query, limit: WHOLE_LIST } : query;
}

const AnyParams = z.record(z.string(), z.string());

/** `format` belongs to every route that has formats; the route's own query does not see it. Accept says it otherwise. */
function formatOf(route: Route, request: FastifyRequest): { format: Format; raw: unknown } {
  if (!route.formats) return { format: 'json', raw: request.query };
  const offered: readonly Format[] = ['json', ...route.formats];
  const { format, ...raw } = request.query as Record<string, unknown>;
  if (format === undefined) return { format: acceptedFormat(request.headers.accept, offered), raw };
  const named = offered.find((one) => one === format);
  if (named === undefined) throw badParameters([{ parameter: 'format', reason: 'not-offered', allowed: offered }]);
  return { format: named, raw };
}

/** `/v1/vendors/:vendor` as `vendors`: the name of its downloads. */
function nameOf({ path }: Route): string {
  return (
    path
      .split('/')
      .filter((part) => /^[a-z-]+$/.test(part))
      .at(-1) ?? 'answer'
  );
}

/** The parameters, or 400 that names each one at fault. An unknown one's name is the caller's text: not repeated. */
function parseParameters<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw badParameters(parsed.error.issues.map((issue) => problemOf(issue, raw as Readonly<Record<string, unknown>>)));
}

function problemOf(issue: z.core.$ZodIssue, raw: Readonly<Record<string, unknown>>): ParameterProblem {
  if (issue.code === 'unrecognized_keys') return { parameter: '', reason: 'unknown-parameter' };
  const parameter = String(issue.path[0] ?? '');
  const missing = issue.code !== 'custom' && issue.path.length === 1 && raw[parameter] === undefined;
  return { parameter, reason: missing ? 'missing' : reasonOf(issue), ...allowedBy(issue) };
}

/** The words that a schema or a refinement of ours takes: never anything that was sent. */
function allowedBy(issue: z.core.$ZodIssue): { allowed?: readonly string[] } {
  if (issue.code === 'invalid_value') return { allowed: issue.values.map(String) };
  const allowed = issue.code === 'custom' ? (issue.params?.allowed as readonly string[] | undefined) : undefined;
  return allowed ? { allowed } : {};
}

function badParameters(errors: readonly ParameterProblem[]): HttpProblem {
  const detail = 'A parameter is unknown or not allowed: see errors.';
  return new HttpProblem({ status: 400, type: 'invalid-parameter', detail, extra: { errors } });
}

function parseBody<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const parsed = schema.safeParse(jsonOf(request.body));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    pointer: issue.path.map((step) => `/${String(step)}`).join(''),
    reason: reasonOf(issue),
  }));
  throw new HttpProblem({
    status: 400,
    type: 'invalid-body',
    detail: 'The body is not as expected.',
    extra: { errors },
  });
}

function jsonOf(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.from((body ?? new Uint8Array()) as Uint8Array).toString('utf8'));
  } catch {
    throw new HttpProblem({ status: 400, type: 'invalid-json', detail: 'The body is not JSON.' });
  }
}

/** Reasons of ours are the messages of refinements; zod's own messages may quote the value. */
function reasonOf(issue: z.core.$ZodIssue): string {
  return /^[a-z-]{1,40}$/.test(issue.message) ? issue.message : 'not-allowed';
}
