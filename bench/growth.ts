import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKafkaFactLog } from '../services/adapters/kafka/kafka-fact-log.ts';
import { AGGREGATOR_GROUP } from '../services/aggregator/aggregator.ts';
import { periodAt } from '../services/core/period.ts';
import { systemClock } from '../services/shared/clock.ts';
import { startClickHouseHttp } from '../test/support/clickhouse-http/start-clickhouse-http.ts';
import { kafkaAvailable, startKafka } from '../test/support/kafka/start-kafka.ts';
import { cpuUsOf, median, print } from './compare.ts';
import { sendAll } from './load.ts';
import { loadOf, type Row } from './report.ts';
import { sampleReports } from './sample-reports.ts';
import { type ServerProcess, startOnCore } from './server-process.ts';

// A cluster on one machine: an ingest of one process and of three behind one port (ROLLCALL_INGEST_PROCESSES), one and three
// aggregators, one broker, one store over HTTP. What a report costs in CPU must not grow with the reports, nor with the
// processes that share them.
const SIZES = [1_000, 4_000] as const;
const ROUNDS = 3;
const PROCESSES = 3;
const CONNECTIONS = 126;
const CORES = '0,1';
const POLL_MS = 200;
/** On a machine that others use a broker must not be given up for being late. */
const PATIENT = { 'broker.session.timeout.ms': '60000' };

const WHO = ['ingest', 'aggregate', 'store', 'broker'] as const;
/** CPU of each, in microseconds a report. */
type Costs = Readonly<Record<(typeof WHO)[number], number>>;

interface Servers {
  readonly brokers: readonly string[];
  readonly pidsOf: Readonly<Record<'store' | 'broker', () => number[]>>;
  readonly env: NodeJS.ProcessEnv;
}

export async function benchGrowth(): Promise<Row[]> {
  const why = kafkaAvailable();
  if (why !== null) {
    print(`not measured, growth: ${why}`);
    return [];
  }
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const [kafka, store] = await Promise.all([startKafka({ nodes: 1, settings: PATIENT }), startClickHouseHttp()]);
  const room = { ROLLCALL_DATA_DIR: directory, PORT: '0', ROLLCALL_METRICS_PORT: '0' };
  const secrets = {
    ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench',
    ROLLCALL_MONTH_SECRET: 'one secret for all processes of a bench',
  };
  const urls = { ROLLCALL_LOG_URL: `kafka://${kafka.brokers.join(',')}`, ROLLCALL_STORE_URL: `${store.url}/rollcall` };
  const servers: Servers = {
    brokers: kafka.brokers,
    pidsOf: { store: () => [store.pid()], broker: () => kafka.pids() },
    env: { ...room, ...secrets, ...urls },
  };
  const before = loadavg()[0] as number;
  try {
    const [one, several] = [await grown(servers, 1), await grown(servers, PROCESSES)];
    return rowsOf(one, several, loadOf([before, loadavg()[0] as number]));
  } finally {
    await Promise.all([kafka.stop(), store.stop()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The costs of each size with so many ingests and aggregators: medians of rounds in which the sizes take turns. */
async function grown(servers: Servers, processes: number): Promise<Costs[]> {
  const running: ServerProcess[] = [];
  const log = await openKafkaFactLog({ brokers: servers.brokers, clock: systemClock, timeoutMs: 60_000 });
  try {
    const started = async (role: string, more: NodeJS.ProcessEnv = {}) => {
      const server = await startOnCore(CORES, '../services/main.cjs', [role], { ...servers.env, ...more });
      running.push(server);
      return server;
    };
    const ingest = await started('ingest', { ROLLCALL_INGEST_PROCESSES: String(processes) });
    const aggregators: ServerProcess[] = [];
    for (let i = 0; i < processes; i++) aggregators.push(await started('aggregate'));
    const pidsOf = {
      ...servers.pidsOf,
      ingest: () => [ingest.pid, ...childrenOf(ingest.pid)],
      aggregate: () => aggregators.map(({ pid }) => pid),
    };
    const settled = async () => {
      const period = periodAt(Date.now());
      while ((await log.pending(AGGREGATOR_GROUP, period).catch(() => 1)) > 0) await sleep(POLL_MS);
    };
    const rounds: Costs[][] = [];
    await posted(ingest.url, SIZES[0], settled);
    for (let round = 0; round < ROUNDS; round++) {
      const costs: Costs[] = [];
      for (const reports of SIZES)
        costs.push(await costsOf(pidsOf, reports, () => posted(ingest.url, reports, settled)));
      rounds.push(costs);
    }
    return SIZES.map((_, size) => middleOf(rounds.map((costs) => costs[size] as Costs)));
  } finally {
    await log.close();
    for (const server of running) await server.stop();
  }
}

/** Until all of it is in the store. */
async function posted(url: string, count: number, settled: () => Promise<void>): Promise<void> {
  await sendAll({ url, bodies: sampleReports(2_000), connections: CONNECTIONS, count, expectedStatus: '202' });
  await settled();
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

type PidsOf = Readonly<Record<keyof Costs, () => number[]>>;

async function costsOf(pidsOf: PidsOf, reports: number, act: () => Promise<void>): Promise<Costs> {
  const now = () => WHO.map((who) => pidsOf[who]().reduce((sum, pid) => sum + cpuUsOf(pid), 0));
  const before = now();
  await act();
  const after = now();
  return byWho((i) => ((after[i] as number) - (before[i] as number)) / reports);
}

function middleOf(costs: readonly Costs[]): Costs {
  return byWho((i) => median(costs.map((cost) => cost[WHO[i] as keyof Costs])));
}

function byWho(of: (i: number) => number): Costs {
  return Object.fromEntries(WHO.map((who, i) => [who, of(i)])) as Record<keyof Costs, number>;
}

function rowsOf([few, many]: Costs[], [fewOfThree, manyOfThree]: Costs[], load: string): Row[] {
  const row = (n: number, measure: string, ours: Costs | undefined, control: Costs | undefined): Row => ({
    ...{ n, measure, load, reach: 'linear: 1.0' },
    ours: shown(ours),
    control: shown(control),
    ratio: (sumOf(ours) / sumOf(control)).toFixed(2),
  });
  const [less, more] = SIZES.map((size) => size.toLocaleString('en'));
  return [
    row(
      13,
      `${PROCESSES} processes of ingest behind one port and ${PROCESSES} aggregators, against 1 and 1; ${more} reports`,
      manyOfThree,
      many,
    ),
    row(14, `${more} reports against ${less}, 1 ingest and 1 aggregator`, many, few),
    row(
      14,
      `${more} reports against ${less}, ${PROCESSES} processes of ingest and ${PROCESSES} aggregators`,
      manyOfThree,
      fewOfThree,
    ),
  ];
}

function shown(costs: Costs | undefined): string {
  if (!costs) return '–';
  const us = (who: keyof Costs) => costs[who].toFixed(0);
  return `${us('ingest')} µs a report of ingest, ${us('aggregate')} of aggregator, ${us('store')} of store, ${us('broker')} of broker`;
}

/** Of what is ours: the store merges and the broker tidies when they like. */
function sumOf(costs: Costs | undefined): number {
  return costs ? costs.ingest + costs.aggregate : Number.NaN;
}
