import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { MAX_WIRE_BYTES, REFUSAL_REASONS } from '../../schemas/report.ts';
import { type Clock, pause, systemClock } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import type { FailureCode } from '../shared/failure-codes.ts';
import { type Answered, exchange, type Route } from './net/exchange.ts';

export interface SendOptions {
  readonly clock?: Clock;
  readonly pause?: (ms: number) => Promise<void>;
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
  /** A service that asks for more patience than this is given up on. */
  readonly maxPauseMs?: number;
  readonly route?: Route;
}

/** Why a service did not take a report: only what follows from its status and stays within fixed forms. */
export interface ProblemDetails {
  readonly status: number;
  readonly type?: string;
  readonly errors?: readonly { readonly pointer: string; readonly reason: string }[];
  /** The periods that take reports, where that was the reason. */
  readonly open?: readonly string[];
}

/** The service refused the report, or could not be reached in the attempts there were. */
export class NotSent extends Failure {
  readonly problem: ProblemDetails | undefined;
  /** How long the service asks to wait; 0 where it does not. */
  readonly retryAfterMs: number;
  /** The service's own time, where it told. */
  readonly serverTime: number | undefined;
  constructor(
    code: FailureCode,
    problem?: ProblemDetails,
    { retryAfterMs = 0, serverTime }: { retryAfterMs?: number; serverTime?: number | undefined } = {},
  ) {
    super(code, problem ? { status: problem.status } : {});
    this.name = 'NotSent';
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
    this.serverTime = serverTime;
  }
}

const Became = z.object({
  index: z.int().min(0),
  outcome: z.enum(['listed', 'proposed', 'refused']),
  as: z
    .object({ category: z.string().max(32), vendor: z.string().max(128), model: z.string().max(256) })
    .optional()
    .catch(undefined),
  reason: z.enum(REFUSAL_REASONS).optional().catch(undefined),
});
export type Became = z.infer<typeof Became>;

const ReceiptShape = z.object({
  accepted: z.int().min(0),
  unlisted: z.int().min(0),
  refused: z.array(z.object({ index: z.int().min(0), reason: z.enum(REFUSAL_REASONS) })),
  lines: z.array(Became).max(1000).optional().catch(undefined),
  ticket: z
    .string()
    .regex(/^[A-Za-z0-9_-]{32}$/)
    .optional()
    .catch(undefined),
});
export type SentReceipt = z.infer<typeof ReceiptShape>;

const WithdrawnShape = z.object({ withdrawn: z.literal(true) });

/** A hostile service could put anything here, our own report included: only short names and pointers pass. */
const Problem = z.object({
  type: z
    .string()
    .regex(/^[a-z0-9:/._-]{1,128}$/)
    .optional()
    .catch(undefined),
  errors: z
    .array(
      z.object({ pointer: z.string().regex(/^[a-z0-9/#*-]{0,64}$/), reason: z.string().regex(/^[a-z0-9_-]{1,40}$/) }),
    )
    .max(1000)
    .optional()
    .catch(undefined),
  open: z
    .array(z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/))
    .max(4)
    .optional()
    .catch(undefined),
});

/**
 * Posts the text of a report and returns the receipt. A repeat counts once, so what may have been lost is sent again: on 429, 502,
 * 503 and 504 (after Retry-After) and when the service cannot be reached. A redirect is not followed: the token is for one
 * address. Throws NotSent.
 */
export async function sendReport(text: string, url: string, options: SendOptions = {}): Promise<SentReceipt> {
  const receipt = ReceiptShape.safeParse(await deliver(text, serviceUrl(url, 'v1/reports'), 202, options));
  if (!receipt.success) throw new NotSent('not-a-receipt');
  return receipt.data;
}

/** The same for a withdrawal; resolves once the service confirms it. */
export async function sendWithdrawal(text: string, url: string, options: SendOptions = {}): Promise<void> {
  const answer = await deliver(text, serviceUrl(url, 'v1/reports'), 202, options);
  if (!WithdrawnShape.safeParse(answer).success) throw new NotSent('not-a-receipt');
}

/** The JSON of a question that is posted to the service, such as what it holds. */
export async function postQuestion(
  text: string,
  url: string,
  path: string,
  options: SendOptions = {},
): Promise<unknown> {
  return deliver(text, serviceUrl(url, path), 200, options);
}

/** A document of the service. One attempt: whoever asks can do without. */
export async function fetchDocument(url: string, path: string, options: SendOptions = {}): Promise<unknown> {
  const headers = { accept: 'application/json' };
  const { timeoutMs = 10_000 } = options;
  const answer = await exchange(serviceUrl(url, path), { method: 'GET', headers, timeoutMs }, options.route);
  if (answer.status !== 200) throw new NotSent('refused', { status: answer.status });
  return jsonOf(answer);
}

async function deliver(text: string, target: string, success: number, options: SendOptions): Promise<unknown> {
  const { maxAttempts = 4, maxPauseMs = 60_000 } = options;
  const wait = options.pause ?? pause;
  const request = requestOf(text);
  for (let attempt = 1; ; attempt++) {
    const outcome = await post(target, request, success, options).catch((failure: unknown) =>
      retryLater(failure, attempt),
    );
    if ('answer' in outcome) return outcome.answer;
    if (attempt >= maxAttempts || outcome.afterMs > maxPauseMs) throw outcome.failure;
    await wait(outcome.afterMs);
  }
}

interface Later {
  readonly failure: NotSent;
  readonly afterMs: number;
}

/** An address below the service's own, which may be below a path (`https://host/census/`); a full address is taken as it is. */
export function serviceUrl(url: string, path: string): string {
  if (!URL.canParse(url)) throw new NotSent('not-a-url');
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new NotSent('not-a-url');
  target.hash = '';
  const base = target.pathname.replace(/\/v1\/reports\/?$/, '/').replace(/\/*$/, '/');
  target.pathname = `${base}${path}`;
  return target.href;
}

/** A long report is packed: the limit is on the wire, and it is the same bytes that come out. */
function requestOf(text: string): { body: Uint8Array; headers: Record<string, string> } {
  const bytes = new TextEncoder().encode(text);
  const headers = { 'content-type': 'application/json', accept: 'application/json, application/problem+json' };
  const packed = bytes.length > MAX_WIRE_BYTES / 2;
  const body = packed ? gzipSync(bytes) : bytes;
  const length = { 'content-length': String(body.length) };
  return { body, headers: { ...headers, ...length, ...(packed ? { 'content-encoding': 'gzip' } : {}) } };
}

/** What a service or a front end of it says while it restarts or is busy. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

async function post(
  url: string,
  request: ReturnType<typeof requestOf>,
  success: number,
  { clock = systemClock, timeoutMs = 30_000, route }: SendOptions,
): Promise<{ readonly answer: unknown } | Later> {
  const response = await exchange(url, { method: 'POST', ...request, timeoutMs }, route);
  const answer = jsonOf(response);
  if (response.status === success) return { answer };
  const problem = problemOf(response.status, answer);
  const retryAfterMs = retryAfter(response, clock);
  const more = { retryAfterMs, serverTime: timeOf(response) };
  if (PASSING.has(response.status)) return { failure: new NotSent('try-later', problem, more), afterMs: retryAfterMs };
  throw new NotSent(response.status >= 300 && response.status < 400 ? 'redirected' : 'refused', problem, more);
}

function problemOf(status: number, answer: unknown): ProblemDetails {
  const { type, errors, open } = Problem.safeParse(answer).data ?? {};
  return {
    status,
    ...(type === undefined ? {} : { type }),
    ...(errors === undefined ? {} : { errors }),
    ...(open === undefined ? {} : { open }),
  };
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3), in milliseconds from now; a second without one. */
function retryAfter({ headers }: Answered, clock: Clock): number {
  const header = String(headers['retry-after'] ?? '').trim();
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 1000 : Math.max(0, date - clock.now());
}

function timeOf({ headers }: Answered): number | undefined {
  const date = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(date) ? undefined : date;
}

/** Nothing came back. The error's message may hold the address: its code is enough. */
function retryLater(failure: unknown, attempt: number): Later {
  if (failure instanceof NotSent) throw failure;
  const passing = new NotSent(failure instanceof Failure ? failure.code : 'unreachable');
  if (!passing.retryable) throw passing;
  return { failure: passing, afterMs: 500 * 2 ** attempt };
}

/** The answer's JSON; undefined when it is none or too much. */
function jsonOf({ body }: Answered): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
