import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';
import { startKafka } from '../test/support/kafka/start-kafka.ts';
import { cpuUsOf, median, print } from './compare.ts';
import { requestOf, sendEach } from './load.ts';
import { loadOf } from './report.ts';
import { sampleReports } from './sample-reports.ts';
import { type ServerProcess, startOnCore, startProgram } from './server-process.ts';

// What an acknowledgement by Kafka costs, ours beside three that check nothing: an OpenTelemetry Collector (made from
// bench/collector: OTLP over HTTP, each report a log record, acks -1, no queue), node:http with kafkajs that sends a record
// for each request, and the same with as large records as ours. `node dist/bench/collector.js PATH-OF-THE-COLLECTOR`
const ROUNDS = 5;
const REPORTS = 4_000;
const CONNECTIONS = 128;
const CORE = 0;
const READY_MS = 60_000;

interface Measured {
  readonly name: string;
  readonly server: ServerProcess;
  readonly requests: readonly Buffer[];
  readonly status: string;
}

export async function benchCollector(program: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const kafka = await startKafka({ nodes: 1 });
  const all: Measured[] = [];
  try {
    const bodies = sampleReports(2_000);
    const [broker] = kafka.brokers as [string];
    all.push(await ours(directory, broker, bodies));
    all.push(await collector(program, directory, broker, bodies));
    const control = './control-kafka.js';
    all.push(byReports('kafkajs, a record a request', await startOnCore(CORE, control, [broker, '1'], {}), bodies));
    all.push(byReports('kafkajs, records as large as ours', await startOnCore(CORE, control, [broker], {}), bodies));
    await compare(all);
  } finally {
    for (const { server } of all) await server.stop();
    await kafka.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const byReports = (name: string, server: ServerProcess, bodies: readonly Buffer[]): Measured => ({
  ...{ name, server, status: '202' },
  requests: bodies.map((body) => requestOf(server.url, body)),
});

async function ours(directory: string, broker: string, bodies: readonly Buffer[]): Promise<Measured> {
  const room = { PORT: '0', ROLLCALL_METRICS_PORT: '0', ROLLCALL_DATA_DIR: directory };
  const env = { ...room, ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench', ROLLCALL_LOG_URL: `kafka://${broker}` };
  return byReports('rollcall ingest', await startOnCore(CORE, '../services/main.cjs', ['ingest'], env), bodies);
}

async function collector(
  program: string,
  directory: string,
  broker: string,
  bodies: readonly Buffer[],
): Promise<Measured> {
  const [port, file] = [await freePort(), join(directory, 'collector.yaml')];
  writeFileSync(file, configOf(port, broker));
  const url = `http://127.0.0.1:${port}`;
  const server = await startProgram(CORE, [program, '--config', file], {}, url);
  await answering(url);
  const requests = bodies.map((body) => requestOf(url, asLogs(body), '/v1/logs', 'application/x-protobuf'));
  return { name: 'OpenTelemetry Collector', server, requests, status: '200' };
}

function configOf(port: number, broker: string): string {
  return `
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:${port}' } } } }
exporters:
  kafka:
    brokers: ['${broker}']
    logs: { topic: collector }
    producer: { required_acks: -1, compression: none }
    sending_queue: { enabled: false }
service:
  telemetry: { metrics: { level: none }, logs: { level: error } }
  pipelines: { logs: { receivers: [otlp], exporters: [kafka] } }
`;
}

async function answering(url: string): Promise<void> {
  for (let waited = 0; waited < READY_MS; waited += 100) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('the collector does not answer');
}

/** ExportLogsServiceRequest → ResourceLogs → ScopeLogs → LogRecord → AnyValue of a string: each the field that the collector reads. */
function asLogs(body: Buffer): Buffer {
  return [1, 5, 2, 2, 1].reduce((inner, field) => Buffer.concat([prefix(field, inner.length), inner]), body);
}

/** A field of bytes of protobuf: its number with the wire type 2, and its length. */
function prefix(field: number, length: number): Buffer {
  const bytes = [(field << 3) | 2];
  for (let rest = length; ; rest >>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

async function compare(all: readonly Measured[]): Promise<void> {
  const before = loadavg()[0] as number;
  for (const one of all) await msOfThousand(one);
  const costs = all.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, one] of all.entries()) costs[i]?.push(await msOfThousand(one));
  print(`load ${loadOf([before, loadavg()[0] as number])}; medians of ${ROUNDS} rounds of ${REPORTS} reports`);
  print('| CPU of the process for 1,000 acknowledgements | ms | ours by it |');
  print('|---|---|---|');
  for (const [i, { name }] of all.entries()) {
    const ratios = (costs[0] as number[]).map((cost, round) => cost / (costs[i]?.[round] as number));
    print(`| ${name} | ${median(costs[i] as number[]).toFixed(0)} | ${median(ratios).toFixed(2)} |`);
  }
}

async function msOfThousand({ server, requests, status }: Measured): Promise<number> {
  const before = cpuUsOf(server.pid);
  let left = REPORTS;
  const next = () => (left-- > 0 ? requests[left % requests.length] : undefined);
  await sendEach({ url: server.url, connections: CONNECTIONS, expectedStatus: status }, next);
  return (cpuUsOf(server.pid) - before) / REPORTS;
}

if (process.argv[1]?.endsWith('collector.js')) {
  await benchCollector(process.argv[2] as string);
  process.exit();
}
