import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Period } from '../../schemas/period.ts';
import { openBullmqJobQueue } from '../../services/adapters/bullmq/bullmq-job-queue.ts';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import type { SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import {
  type ClickHouseReleases,
  clickhouseReleases,
} from '../../services/adapters/clickhouse/releases/clickhouse-releases.ts';
import type { FactLog } from '../../services/adapters/fact-log.ts';
import type { JobQueue } from '../../services/adapters/job-queue.ts';
import { openKafkaFactLog } from '../../services/adapters/kafka/kafka-fact-log.ts';
import { AGGREGATOR_GROUP } from '../../services/aggregator/aggregator.ts';
import { nameReleaseJobs } from '../../services/compose/closes.ts';
import { CLOSE_DUE_JOB, CLOSE_JOB } from '../../services/releases/close/close-jobs.ts';
import { pause, systemClock } from '../../services/shared/clock.ts';
import { Failure } from '../../services/shared/failure.ts';
import { eventually } from './client.ts';
import { fleet } from './close-installation.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { blockOf, linesOf } from './embedded-store.ts';
import { ADMIN_KEY, MAIN } from './rollcall-process.ts';

/** On too few sites to be counted: it is in the facts, the log and the dead letters, and nowhere after a close. */
export const CANARY = 'Kanarienvogel Q7';
const CANARY_SITES = 3;
const SITES_A_BLOCK = 200;
/** How many sites {@link CloseCluster.bring} has counted. */
export const SITES = fleet().length + CANARY_SITES;

/** A cluster with an API and an aggregator, and the product's own adapters in this process beside it. */
export interface CloseCluster {
  readonly cluster: Cluster;
  readonly log: FactLog;
  /** Jobs are enqueued here and done by the cluster's workers. */
  readonly queue: JobQueue;
  readonly releases: ClickHouseReleases;
  readonly sql: SqlClient;
  /** Resolves when no close runs, waits or pauses before its next attempt. */
  idle(): Promise<void>;
  /** Of every server and process. */
  directories(): Promise<string[]>;
  /** Brings a fleet's facts and a dead letter, both with the canary, into Kafka; resolves when they are in the store. */
  bring(period: Period): Promise<void>;
  /** The tables of the store that have a row with the text: what the engine has compressed is read by the engine. */
  tablesWith(text: string): Promise<string[]>;
  /** Appends a block of one site with the canary, as a process that begins now. */
  late(period: Period): Promise<void>;
  stop(): Promise<void>;
}

export async function startCloseCluster(): Promise<CloseCluster> {
  const keys = mkdtempSync(join(tmpdir(), 'rollcall-keys-'));
  const cluster = await startCluster(1, { ROLLCALL_SIGNING_KEY_FILE: join(keys, 'signing-key.pem') });
  try {
    await cluster.join('api');
    await cluster.join('aggregate');
    return await besides(cluster, keys);
  } catch (thrown) {
    await cluster.stop();
    rmSync(keys, { recursive: true, force: true });
    throw thrown;
  }
}

async function besides(cluster: Cluster, keys: string): Promise<CloseCluster> {
  const { brokers } = cluster.kafka;
  const openLog = () => openKafkaFactLog({ brokers, clock: systemClock, partitions: 3, replicationFactor: 1 });
  const log = await openLog();
  const queue = openBullmqJobQueue({ url: cluster.redis.url });
  nameReleaseJobs(queue);
  const clients = openServerClients(`${cluster.store.url}/rollcall`);
  return {
    ...{ cluster, log, queue, releases: clickhouseReleases(clients), sql: clients.read },
    idle: () => idle(cluster.redis.url),
    directories: async () => [
      ...[...cluster.kafka.dataDirs, cluster.store.directory, cluster.directory],
      await directoryOfRedis(cluster.redis.url),
    ],
    tablesWith: (text) => tablesWith(text, clients.read),
    bring: (period) => bring(period, log),
    late: (period) => appendLate(period, openLog),
    async stop() {
      await Promise.all([log.close(), queue.close(), clients.close()]);
      await cluster.stop();
      rmSync(keys, { recursive: true, force: true });
    },
  };
}

/** A broker that has just started, or that has just lost a topic, answers some calls with a failure that passes. */
async function patiently<T>(act: () => Promise<T>, attempts = 30): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof Failure) || !thrown.retryable || attempts === 1) throw thrown;
    await pause(1_000);
    return patiently(act, attempts - 1);
  }
}

async function bring(period: Period, log: FactLog): Promise<void> {
  for (let at = 0; at < fleet().length; at += SITES_A_BLOCK) {
    const words = fleet().slice(at, at + SITES_A_BLOCK);
    const lines = words.flatMap((word) => linesOf(period, word));
    await patiently(() => log.append(blockOf(period, lines, words.length)));
  }
  await patiently(() => log.append(blockOfSites(period, 2_000, CANARY_SITES)));
  await patiently(() => log.deadLetter(blockOfSites(period, 3_000, 1), 'malformed'));
  await eventually(
    () => patiently(() => log.pending(AGGREGATOR_GROUP, period)),
    (blocks) => blocks === 0,
  );
}

function blockOfSites(period: Period, from: number, sites: number) {
  const words = fleet(from, [{ category: 'phone', vendor: 'Yealink', model: CANARY, count: 3 }]).slice(0, sites);
  const lines = words.flatMap((word) => linesOf(period, word));
  return blockOf(period, lines, sites);
}

async function appendLate(period: Period, openLog: () => Promise<FactLog>): Promise<void> {
  const log = await openLog();
  await patiently(() => log.append(blockOfSites(period, 9_000, 1))).finally(() => log.close());
}

async function idle(url: string): Promise<void> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  // The next scheduled run is a delayed job, too.
  const most = { [CLOSE_DUE_JOB]: 1, [CLOSE_JOB]: 0 };
  for (const [name, scheduled] of Object.entries(most)) {
    const queue = new Queue(name, { connection, prefix: 'rollcall' });
    await eventually(
      () => queue.getJobCounts('active', 'waiting', 'delayed'),
      ({ active, waiting, delayed = 0 }) => active === 0 && waiting === 0 && delayed <= scheduled,
    ).finally(() => queue.close());
  }
  connection.disconnect();
}

async function tablesWith(text: string, sql: SqlClient): Promise<string[]> {
  const tables = await sql.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const where = 'WHERE position(toString(tuple(*)), {text:String}) > 0';
    const rows = await sql.rows(`SELECT 1 FROM ${name} ${where} LIMIT 1`, { text });
    if (rows.length > 0) found.push(name);
  }
  return found;
}

/** Its dump and its append-only file. */
async function directoryOfRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    const [, directory] = (await redis.config('GET', 'dir')) as string[];
    if (directory === undefined) throw new Error('Redis does not say where its files are');
    return directory;
  } finally {
    redis.disconnect();
  }
}

/** Runs a command of the product as an admin would; resolves to its exit code and all that it wrote. */
export function runCommand(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ROLLCALL_ADMIN_KEY: ADMIN_KEY },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
