import { drawBytes } from './random.ts';

/** Where a span is: what travels with a block, as W3C Trace Context writes it. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** The words and numbers that may stand in a span: none of them is of a report. */
type SpanAttributes = Readonly<Record<string, string | number>>;

interface SpanOrder {
  /** Such as `log append`. */
  readonly name: string;
  readonly kind: 'internal' | 'client' | 'producer' | 'consumer';
  readonly attributes: SpanAttributes;
  /** Of what is being worked on. */
  readonly links?: readonly SpanContext[];
}

export interface Tracer {
  /** Does the work, which is told where it is, as one span. What it throws is thrown; the span says that it failed. */
  span<T>(order: SpanOrder, work: (context: SpanContext) => Promise<T>): Promise<T>;
  /** Sends what waits. */
  close(): Promise<void>;
}

export interface TraceSettings {
  /** Of an OTLP/HTTP collector, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly service: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long spans wait for others (five seconds). */
  readonly everyMs?: number;
}

/** So many spans wait at most; more are forgotten: traces never hold up what they trace, nor fill its memory. */
const MOST_WAITING = 2_048;
const EVERY_MS = 5_000;
const ANSWER_MS = 5_000;
/** A span begins at a full minute and lasts as long as it did: the moment of a report is nobody's business. */
const BEGINS_AT_MS = 60_000;

const KINDS = { internal: 1, client: 3, producer: 4, consumer: 5 } as const;

/**
 * Traces in OpenTelemetry's protocol (OTLP/HTTP, JSON), without its SDK: what that instruments by itself (requests, with
 * their addresses) may not leave this process.
 */
export function openTraces({ url, service, version, now, everyMs = EVERY_MS }: TraceSettings): Tracer {
  let waiting: object[] = [];
  const resource = { attributes: attributesOf({ 'service.name': service, 'service.version': version }) };
  const send = async () => {
    const spans = waiting;
    waiting = [];
    if (spans.length === 0) return;
    const body = JSON.stringify({
      resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'rollcall' }, spans }] }],
    });
    const headers = { 'content-type': 'application/json' };
    // A collector that is away costs its spans and nothing else.
    await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) })
      .then((answer) => answer.arrayBuffer())
      .catch(() => {});
  };
  const timer = setInterval(() => void send(), everyMs);
  timer.unref();
  return {
    async span(order, work) {
      const context = { traceId: drawBytes(16).toString('hex'), spanId: drawBytes(8).toString('hex') };
      const [at, began] = [now(), performance.now()];
      const end = (failed: boolean) => {
        const span = spanOf(order, context, { at, tookMs: performance.now() - began, failed });
        if (waiting.length < MOST_WAITING) waiting.push(span);
      };
      try {
        const done = await work(context);
        end(false);
        return done;
      } catch (thrown) {
        end(true);
        throw thrown;
      }
    },
    async close() {
      clearInterval(timer);
      await send();
    },
  };
}

const attributesOf = (attributes: SpanAttributes) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(Math.round(value)) } : { stringValue: value },
  }));

function spanOf(
  { name, kind, attributes, links = [] }: SpanOrder,
  context: SpanContext,
  { at, tookMs, failed }: { readonly at: number; readonly tookMs: number; readonly failed: boolean },
): object {
  const start = BigInt(at - (at % BEGINS_AT_MS)) * 1_000_000n;
  return {
    ...context,
    name,
    kind: KINDS[kind],
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(Math.round(tookMs * 1_000_000))),
    attributes: attributesOf(attributes),
    links,
    status: { code: failed ? 2 : 1 },
  };
}

/** `00-TRACE-SPAN-01`, the header of W3C Trace Context. */
export function traceparentOf({ traceId, spanId }: SpanContext): string {
  return `00-${traceId}-${spanId}-01`;
}

/** Undefined for what is none. */
export function contextOf(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(traceparent) ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
