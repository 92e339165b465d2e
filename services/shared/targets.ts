import { parseBrokers } from './brokers.ts';
import { ConfigError } from './setting.ts';

/** The embedded log in a directory, or a Kafka cluster and how its brokers are spoken to. */
export type LogTarget =
  | { readonly kind: 'lmdb'; readonly directory: string; readonly maxBytes: number }
  | ({ readonly kind: 'kafka'; readonly brokers: readonly string[] } & KafkaSettings);

export interface KafkaSettings {
  /** Of a new period's topic. */
  readonly partitions: number;
  /** Brokers that hold each record. */
  readonly replication: number;
  readonly compression: 'none' | 'gzip';
  /** `caFile`: the certificates that brokers are checked against; undefined: the system's. */
  readonly tls: { readonly caFile: string | undefined } | undefined;
  readonly sasl: Sasl | undefined;
}

type Mechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** One type a mechanism: so the client's own types take it. */
type Sasl = {
  [M in Mechanism]: { readonly mechanism: M; readonly username: string; readonly password: string };
}[Mechanism];

/** The engine inside the process, in a directory of its own, or a server. */
export type StoreTarget =
  | { readonly kind: 'chdb'; readonly directory: string }
  | { readonly kind: 'http'; readonly url: string; readonly cluster?: string };

/** memory: a queue that belongs to the process that works on it. */
export type JobsTarget = { readonly kind: 'memory' } | { readonly kind: 'redis'; readonly url: string };

/** `lmdb:PATH` or `kafka://HOST:PORT,…`. */
export function logTarget(url: string, maxBytes: number, kafka: KafkaSettings): LogTarget {
  if (url.startsWith('lmdb:')) return { kind: 'lmdb', directory: url.slice('lmdb:'.length), maxBytes };
  return { kind: 'kafka', brokers: brokersOf(url) ?? [], ...kafka };
}

/** The brokers of `kafka://HOST:PORT,…`; undefined when one of them is no address. */
export function brokersOf(url: string): readonly string[] | undefined {
  return parseBrokers(url.slice('kafka://'.length));
}

/** `chdb:PATH` or `http(s)://…`, the latter of one server or of a cluster. Throws {@link ConfigError}. */
export function storeTarget(url: string, cluster?: string): StoreTarget {
  if (!url.startsWith('chdb:')) return { kind: 'http', url, ...(cluster === undefined ? {} : { cluster }) };
  if (cluster !== undefined)
    throw new ConfigError(['ROLLCALL_STORE_CLUSTER: the embedded store is no cluster; set ROLLCALL_STORE_URL']);
  return { kind: 'chdb', directory: url.slice('chdb:'.length) };
}

/** `memory:` or `redis(s)://…`. */
export function jobsTarget(url: string): JobsTarget {
  return url.startsWith('memory:') ? { kind: 'memory' } : { kind: 'redis', url };
}
