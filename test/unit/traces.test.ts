import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { blockOf, recordOf } from '../../services/adapters/kafka/record.ts';
import { tracedLog, tracedTable } from '../../services/compose/traced.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { Block } from '../../services/ports/block.ts';
import { contextOf, openTraces, traceparentOf } from '../../services/shared/traces.ts';

const PERIOD = parsePeriod('2026-11');
const AT = Date.parse('2026-11-26T12:34:56.789Z');
/** Its number is in no identifier of a trace by chance. */
/** No number of it stands in an identifier or a time of a trace by chance. */
const SECRET = '[202611,"model","FreePBX 17","phone","Yealink","SIP-T46S",471147114711,3,1]\n';

const block = (reports: number): Block => ({ period: PERIOD, facts: 1, reports, bytes: Buffer.from(SECRET) });

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: object }[];
  readonly links: { traceId: string; spanId: string }[];
  readonly status: { code: number };
}

/** A collector, and every span that it was sent. */
async function collector() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const spans = (): Span[] =>
    bodies.flatMap((body) => {
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans));
    });
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/v1/traces`, bodies, spans };
}

const tracerTo = (url: string) => openTraces({ url, service: 'rollcall-test', version: '1', now: () => AT });

test('a block carries its context through the log, and the insert of it links there', async () => {
  const { url, spans, bodies } = await collector();
  const tracer = tracerTo(url);
  const records: ReturnType<typeof recordOf>[] = [];
  const log = { append: async (one: Block) => void records.push(recordOf(one, AT)) };
  await tracedLog(log, tracer).append(block(64));
  const inserted: Block[] = [];
  const table = { insertFacts: async (blocks: readonly Block[]) => void inserted.push(...blocks) };
  const [record] = records as [(typeof records)[0]];
  const read = blockOf({ value: record.value as Buffer, headers: record.headers ?? {} }, PERIOD) as Block;
  await tracedTable(table, tracer).insertFacts([read, block(64)]);
  await tracer.close();
  const [append, insert] = spans() as [Span, Span];
  expect([append.name, insert.name]).toEqual(['log append', 'store insert']);
  expect(insert.links).toEqual([{ traceId: append.traceId, spanId: append.spanId }]);
  expect(inserted).toHaveLength(2);
  expect(bodies.join()).not.toMatch(/Yealink|SIP-T46S|471147114711|FreePBX|reports|facts/);
});

test('a span says the month and how long it took, and when only to the minute', async () => {
  const { url, spans } = await collector();
  const tracer = tracerTo(url);
  await tracedLog({ append: async (_: Block) => {} }, tracer).append(block(64));
  const failing = { insertFacts: (_: readonly Block[]) => Promise.reject(new Error(SECRET)) };
  await expect(tracedTable(failing, tracer).insertFacts([block(64)])).rejects.toThrow(SECRET);
  await tracer.close();
  for (const { startTimeUnixNano, endTimeUnixNano, attributes } of spans()) {
    expect(Number(BigInt(startTimeUnixNano) / 1_000_000n)).toBe(Date.parse('2026-11-26T12:34:00Z'));
    expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
    expect(attributes).toEqual([{ key: 'period', value: { stringValue: '2026-11' } }]);
  }
  expect(spans().map(({ status }) => status.code)).toEqual([1, 2]);
});

test('a block of few reports leaves no trace and carries none', async () => {
  const { url, bodies } = await collector();
  const tracer = tracerTo(url);
  const appended: Block[] = [];
  await tracedLog({ append: async (one: Block) => void appended.push(one) }, tracer).append(block(7));
  await tracer.close();
  expect(bodies).toEqual([]);
  expect(appended[0]).not.toHaveProperty('traceparent');
});

test('a collector that is away holds up nothing and fills no memory; without one nothing is wrapped', async () => {
  const tracer = tracerTo('http://127.0.0.1:9/v1/traces');
  let appended = 0;
  const log = { append: async (_: Block) => void appended++ };
  const traced = tracedLog(log, tracer);
  for (let i = 0; i < 5_000; i++) await traced.append(block(64));
  expect(appended).toBe(5_000);
  await tracer.close();
  expect(tracedLog(log, undefined)).toBe(log);
});

test('what is no context is none', () => {
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  expect(contextOf(traceparentOf(context))).toEqual(context);
  for (const other of ['', '00-x', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\r\nx: y`, `01-${'a'.repeat(32)}`])
    expect(contextOf(other)).toBeUndefined();
});
