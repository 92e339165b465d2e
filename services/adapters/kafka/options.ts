import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import type { Clock } from '../../shared/clock.ts';
import { type Log, silentLog } from '../../shared/log.ts';
import { Sockets } from './sockets.ts';
import { endFetchesOfStopped } from './stopped-runner.ts';

export interface KafkaFactLogOptions {
  /** `host:port` of some brokers, an address of IPv6 in brackets; they name the others. */
  readonly brokers: readonly string[];
  /** Cuts the records' time to the day. */
  readonly clock: Clock;
  /** Begins the name of every topic and consumer group. */
  readonly prefix?: string;
  /** Of a new period's topic. Dead letters have one partition. */
  readonly partitions?: number;
  /** Brokers that hold each record. Over 1, two of them must have it before an append resolves. */
  readonly replicationFactor?: number;
  /** Of what is sent; whatever is there can be read. gzip is a third of the bytes, and most of the work of sending. */
  readonly compression?: 'none' | 'gzip';
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  /** A call that Kafka has not answered after this long fails as `log-unavailable`. */
  readonly timeoutMs?: number;
  /** A consumer that is not heard of for this long loses its partitions to the others. */
  readonly sessionTimeoutMs?: number;
  /** How often a consumer looks for the topic of a new period. */
  readonly topicPollMs?: number;
  /** The pause before a rejected batch comes again; it doubles each time up to `maxRetryPauseMs`. */
  readonly retryPauseMs?: number;
  readonly maxRetryPauseMs?: number;
  /** While something is consumed, committed records are removed this often. */
  readonly truncateEveryMs?: number;
  readonly journal?: Log;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const DEFAULTS = {
  prefix: 'rollcall',
  partitions: 6,
  replicationFactor: 1,
  compression: 'none',
  timeoutMs: 5 * SECOND,
  sessionTimeoutMs: 10 * SECOND,
  topicPollMs: 5 * SECOND,
  retryPauseMs: 1 * SECOND,
  maxRetryPauseMs: 30 * SECOND,
  // A record can outlast two rounds, see truncate.ts: so within the hour.
  truncateEveryMs: 20 * MINUTE,
  journal: silentLog,
} as const;

export type Settings = KafkaFactLogOptions & Required<Omit<KafkaFactLogOptions, 'ssl' | 'sasl'>>;

export function settingsOf(options: KafkaFactLogOptions): Settings {
  return { ...DEFAULTS, ...options };
}

/**
 * A client that says nothing: a log line of kafkajs can quote what it was given. Its own retries end before
 * `timeoutMs` does; under NODE_ENV=test kafkajs would have others, so they are spelled out.
 */
export function openClient({ brokers, ssl, sasl, timeoutMs }: Settings): Kafka {
  endFetchesOfStopped();
  const sockets = new Sockets(brokers, timeoutMs);
  return new Kafka({
    clientId: 'rollcall',
    brokers: () => sockets.brokers(),
    socketFactory: sockets.open,
    ...(ssl === undefined ? {} : { ssl }),
    // A copy: kafkajs keeps the password that it saw first in the object itself.
    ...(sasl === undefined ? {} : { sasl: { ...sasl } }),
    connectionTimeout: Math.min(timeoutMs, 3 * SECOND),
    authenticationTimeout: Math.min(timeoutMs, 5 * SECOND),
    requestTimeout: timeoutMs,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: SECOND, multiplier: 2, factor: 0.2 },
    logLevel: logLevel.NOTHING,
    logCreator: () => () => {},
  });
}
