import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseHttp, startClickHouseHttp } from './clickhouse-http/start-clickhouse-http.ts';
import { freePort } from './free-port.ts';
import { type KafkaOptions, type KafkaServers, kafkaAvailable, startKafka } from './kafka/start-kafka.ts';
import { type RedisServer, redisAvailable, startRedis } from './redis.ts';
import { type RollcallProcess, spawnRollcall } from './rollcall-process.ts';

/** Null when the servers of a distributed set-up can be started here, otherwise what is missing. */
export const clusterAvailable = (): string | null => kafkaAvailable() ?? redisAvailable();

export interface Member {
  readonly role: string;
  readonly url: string;
  process: RollcallProcess;
}

/** Real servers and the product's processes, as the compose file has them. */
export interface Cluster {
  readonly kafka: KafkaServers;
  readonly store: ClickHouseHttp;
  readonly redis: RedisServer;
  readonly members: Member[];
  /** Where processes keep what is theirs. */
  readonly directory: string;
  of(role: string): Member[];
  /** One more process of the role. */
  join(role: string, settings?: NodeJS.ProcessEnv): Promise<Member>;
  /** Ends it with the signal and starts it again at the same address. */
  restart(member: Member, signal: NodeJS.Signals, settings?: NodeJS.ProcessEnv): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(
  nodes: number,
  settings: NodeJS.ProcessEnv,
  servers: { readonly kafka?: Partial<KafkaOptions>; readonly store?: { readonly directory: string } } = {},
): Promise<Cluster> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-cluster-'));
  const [kafka, store, redis] = await allOrNone([
    startKafka({ nodes, ...servers.kafka }),
    startClickHouseHttp(servers.store),
    startRedis(),
  ]).catch((failure: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw failure;
  });
  const members: Member[] = [];
  const start = (role: string, port: string, more: NodeJS.ProcessEnv = {}) =>
    spawnRollcall(
      join(directory, role),
      {
        ...settings,
        PORT: port,
        ROLLCALL_LOG_URL: `kafka://${kafka.brokers.join(',')}`,
        ROLLCALL_STORE_URL: `${store.url}/rollcall`,
        ROLLCALL_JOBS_URL: redis.url,
        // Each process has a data directory of its own, as on machines of its own.
        ROLLCALL_MONTH_SECRET: 'one secret for all processes of a test',
        ROLLCALL_KAFKA_REPLICATION: String(nodes),
        ROLLCALL_KAFKA_PARTITIONS: '3',
        ...more,
      },
      role,
    );
  return {
    kafka,
    store,
    redis,
    members,
    directory,
    of: (role) => members.filter((member) => member.role === role),
    async join(role, more) {
      const port = String(await freePort());
      const member = { role, url: `http://127.0.0.1:${port}`, process: await start(role, port, more) };
      members.push(member);
      return member;
    },
    async restart(member, signal, more) {
      await member.process.end(signal);
      member.process = await start(member.role, new URL(member.url).port, more);
    },
    async stop() {
      await Promise.all(members.map((member) => member.process.end('SIGKILL')));
      await Promise.all([kafka.stop(), store.stop(), redis.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Servers that start at the same time. When one does not, those that did are stopped before it is told. */
async function allOrNone<T extends readonly { stop(): Promise<void> }[]>(
  starting: {
    [K in keyof T]: Promise<T[K]>;
  },
): Promise<T> {
  const ends = await Promise.allSettled(starting);
  const failed = ends.find((end) => end.status === 'rejected');
  if (!failed) return ends.map((end) => (end as PromiseFulfilledResult<T[number]>).value) as unknown as T;
  await Promise.allSettled(
    ends.map((end) => (end.status === 'fulfilled' ? (end.value as T[number]).stop() : undefined)),
  );
  throw failed.reason;
}
