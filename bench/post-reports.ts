import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaAvailable, startKafka } from '../test/support/kafka/start-kafka.ts';
import { type Compared, type Cost, cpuUsOf, inTurn, print } from './compare.ts';
import { sendAll } from './load.ts';
import { compared, printTable, type Row } from './report.ts';
import { sampleReports } from './sample-reports.ts';
import { type ServerProcess, startOnCore } from './server-process.ts';

// POST /v1/reports with durable acknowledgement: CPU of the server's process for each, against a control that gets the
// same bytes. Both have one core, the same one, and are asked in turn.
const ROUNDS = 5;
const REPORTS = 4_000;
const CONNECTIONS = 128;
const CORE = 0;
/** What is taken is also inserted, within a second or two: that is part of what everything in one process costs. */
const SETTLE_MS = 2_500;

const BARE = { file: './control-server.js', args: [] };

export async function benchPostReports(): Promise<Row[]> {
  const rows: Row[] = [];
  const embedded = await against(BARE, 'ingest', {});
  rows.push({ n: 1, measure: 'POST, durable, embedded log', ...compared(embedded, 'report', true), reach: '0.45' });
  printTable(rows);
  const whole = await against(BARE, 'start', {}, SETTLE_MS);
  rows.push({ n: 3, measure: 'everything in one process', ...compared(whole, 'report', true), reach: '0.25' });
  printTable(rows);
  const why = kafkaAvailable();
  if (why !== null) print(`not measured, POST with Kafka: ${why}`);
  else rows.push(await overKafka());
  return rows;
}

async function overKafka(): Promise<Row> {
  const kafka = await startKafka({ nodes: 1 });
  const brokers = kafka.brokers.join(',');
  try {
    const control = { file: './control-kafka.js', args: [brokers] };
    const result = await against(control, 'ingest', { ROLLCALL_LOG_URL: `kafka://${brokers}` });
    return { n: 2, measure: 'POST with Kafka, acks=all', ...compared(result, 'report'), reach: 'at most 1.5' };
  } finally {
    await kafka.stop();
  }
}

async function against(
  { file, args }: { file: string; args: string[] },
  role: 'ingest' | 'start',
  settings: NodeJS.ProcessEnv,
  settleMs = 0,
): Promise<Compared> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const secret = { ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench' };
  const room = { ROLLCALL_DATA_DIR: directory, ROLLCALL_LOG_MAX_MB: '8192' };
  const env = { PORT: '0', ROLLCALL_METRICS_PORT: '0', ...room, ...secret, ...settings };
  const servers: ServerProcess[] = [];
  try {
    const ours = await startOnCore(CORE, '../services/main.cjs', [role], env);
    servers.push(ours);
    const control = await startOnCore(CORE, file, args, {});
    servers.push(control);
    const bodies = sampleReports(2_000);
    const costs = (server: ServerProcess, ms: number) => () => perReport(server, bodies, ms);
    await costs(ours, settleMs)();
    await costs(control, 0)();
    return await inTurn(ROUNDS, costs(ours, settleMs), costs(control, 0));
  } finally {
    for (const server of servers) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function perReport({ pid, url }: ServerProcess, bodies: readonly Buffer[], settleMs: number): Promise<Cost> {
  const load = { url, bodies, connections: CONNECTIONS, count: REPORTS, expectedStatus: '202' };
  const [cpu, began] = [cpuUsOf(pid), performance.now()];
  await sendAll(load);
  const wallMs = performance.now() - began;
  if (settleMs > 0) await sleep(settleMs);
  return { cpuUs: (cpuUsOf(pid) - cpu) / REPORTS, wallUs: (wallMs * 1_000) / REPORTS };
}
