import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { MAX_WIRE_BYTES, REFUSAL_REASONS, type Receipt } from '../../schemas/report.ts';
import { type Clock, pause, systemClock } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import type { FailureCode } from '../shared/failure-codes.ts';

export interface SendOptions {
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  readonly pause?: (ms: number) => Promise<void>;
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
  /** A service that asks for more patience than this is given up on. */
  readonly maxPauseMs?: number;
}

/** Why a service did not take a report: only what follows from its status and stays within fixed forms. */
export interface ProblemDetails {
  readonly status: number;
  readonly type?: string;
  readonly errors?: readonly { readonly pointer: string; readonly reason: string }[];
}

/** The service refused the report, or could not be reached in the attempts there were. */
export class NotSent extends Failure {
  readonly problem: ProblemDetails | undefined;
  constructor(code: FailureCode, problem?: ProblemDetails) {
    super(code, problem ? { status: problem.status } : {});
    this.name = 'NotSent';
    this.problem = problem;
  }
}

const MAX_ANSWER_BYTES = 256 * 1024;

const ReceiptShape = z.object({
  accepted: z.int().min(0),
  unlisted: z.int().min(0),
  refused: z.array(z.object({ index: z.int().min(0), reason: z.enum(REFUSAL_REASONS) })),
});

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
});

/**
 * Posts the text of a report and returns the receipt. A repeat counts once, so what may have been lost is sent again: on
 * 429, 503 (after Retry-After) and when the service cannot be reached. A redirect is not followed: the token is for one
 * address. Throws NotSent.
 */
export async function sendReport(text: string, url: string, options: SendOptions = {}): Promise<Receipt> {
  const { maxAttempts = 4, maxPauseMs = 60_000 } = options;
  const wait = options.pause ?? pause;
  const request = requestOf(text);
  const target = reportsUrl(url);
  for (let attempt = 1; ; attempt++) {
    const outcome = await post(target, request, options).catch((failure: unknown) => retryLater(failure, attempt));
    if (!('failure' in outcome)) return outcome;
    if (attempt >= maxAttempts || outcome.afterMs > maxPauseMs) throw outcome.failure;
    await wait(outcome.afterMs);
  }
}

interface Later {
  readonly failure: NotSent;
  readonly afterMs: number;
}

/** The address of a service stands for its reports. */
export function reportsUrl(url: string): string {
  if (!URL.canParse(url)) throw new NotSent('not-a-url');
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new NotSent('not-a-url');
  if (target.pathname === '/') target.pathname = '/v1/reports';
  return target.href;
}

/** A long report is packed: the limit is on the wire, and it is the same bytes that come out. */
function requestOf(text: string): { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> } {
  const bytes = new TextEncoder().encode(text);
  const headers = { 'content-type': 'application/json', accept: 'application/json, application/problem+json' };
  if (bytes.length <= MAX_WIRE_BYTES / 2) return { body: bytes, headers };
  return { body: new Uint8Array(gzipSync(bytes)), headers: { ...headers, 'content-encoding': 'gzip' } };
}

async function post(
  url: string,
  request: ReturnType<typeof requestOf>,
  { fetch: doFetch = fetch, clock = systemClock, timeoutMs = 30_000 }: SendOptions,
): Promise<Receipt | Later> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await doFetch(url, { method: 'POST', redirect: 'manual', signal, ...request });
  const answer = await readJson(response);
  if (response.status === 202) {
    const receipt = ReceiptShape.safeParse(answer);
    if (!receipt.success) throw new NotSent('not-a-receipt');
    return receipt.data;
  }
  const problem = problemOf(response.status, answer);
  if (response.status === 429 || response.status === 503)
    return { failure: new NotSent('try-later', problem), afterMs: retryAfterMs(response, clock) };
  throw new NotSent(response.status >= 300 && response.status < 400 ? 'redirected' : 'refused', problem);
}

function problemOf(status: number, answer: unknown): ProblemDetails {
  const { type, errors } = Problem.safeParse(answer).data ?? {};
  return { status, ...(type === undefined ? {} : { type }), ...(errors === undefined ? {} : { errors }) };
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3), in milliseconds from now; a second without one. */
function retryAfterMs(response: Response, clock: Clock): number {
  const header = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 1000 : Math.max(0, date - clock.now());
}

/** Nothing came back. The error's message may hold the address: its class is enough. */
function retryLater(failure: unknown, attempt: number): Later {
  if (failure instanceof NotSent) throw failure;
  return { failure: new NotSent('unreachable'), afterMs: 500 * 2 ** attempt };
}

/** The answer's JSON; undefined when it is none or too much. */
async function readJson(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of response.body ?? []) {
    total += part.length;
    if (total > MAX_ANSWER_BYTES) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}
