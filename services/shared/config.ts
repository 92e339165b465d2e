import { join } from 'node:path';
import * as z from 'zod';
import { LEAST_THRESHOLD } from '../../schemas/cube.ts';

const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

const url = (pattern: RegExp, forms: string) => z.string().regex(pattern, `expected ${forms}`).optional();

/** Every setting, its form and its default. Names that begin with `ROLLCALL_` and are not here are refused. */
const Settings = z.object({
  PORT: wholeNumber(8080, 0, 65_535),
  HOST: z.string().min(1).default('127.0.0.1'),
  ROLLCALL_DATA_DIR: z.string().min(1).default('./data'),
  ROLLCALL_LOG_URL: url(/^(lmdb:|kafka:\/\/)./, 'lmdb:PATH or kafka://HOST:PORT,…'),
  ROLLCALL_STORE_URL: url(/^(chdb:|https?:\/\/)./, 'chdb:PATH or http(s)://…'),
  ROLLCALL_JOBS_URL: url(/^(memory:|rediss?:\/\/.)/, 'memory: or redis://…'),
  ROLLCALL_ADMIN_KEY: z
    .string()
    .max(256)
    .regex(/^[\x21-\x7e]+$/, 'expected printable characters without blanks')
    .optional(),
  ROLLCALL_THRESHOLD: wholeNumber(10, LEAST_THRESHOLD, 1_000_000),
  ROLLCALL_SNAPSHOT_SECONDS: wholeNumber(3600, 1, 86_400),
  ROLLCALL_PROVISIONAL: z.enum(['guarded', 'exact']).default('guarded'),
  ROLLCALL_FLUSH_MS: wholeNumber(5, 0, 10_000),
  ROLLCALL_LOG_MAX_MB: wholeNumber(1024, 1, 1_000_000),
  ROLLCALL_METRICS_PORT: wholeNumber(0, 0, 65_535),
  ROLLCALL_TRUSTED_PROXIES: z
    .string()
    .regex(
      /^(?:[0-9]|[0-9a-fA-F.:/]+(?:, *[0-9a-fA-F.:/]+)*)$/,
      'expected a number of proxies, or networks such as 10.0.0.0/8,::1',
    )
    .default(''),
  ROLLCALL_REPORTS_PER_MINUTE: wholeNumber(600, 0, 1_000_000),
  ROLLCALL_READS_PER_MINUTE: wholeNumber(30_000, 0, 1_000_000),
  ROLLCALL_SIGNING_KEY_FILE: z.string().min(1).optional(),
  ROLLCALL_WEBHOOKS: z.enum(['public', 'lab']).default('public'),
  ROLLCALL_FAIL_AT: z
    .string()
    .regex(/^[A-Z]+:[a-z]+$/, 'expected a point of a close such as FROZEN:done')
    .optional(),
  ROLLCALL_KAFKA_PARTITIONS: wholeNumber(6, 1, 1_000),
  ROLLCALL_KAFKA_REPLICATION: wholeNumber(1, 1, 7),
  ROLLCALL_KAFKA_TLS: z.enum(['off', 'on']).default('off'),
  ROLLCALL_KAFKA_TLS_CA: z.string().min(1).optional(),
  ROLLCALL_KAFKA_SASL: z.enum(['off', 'plain', 'scram-sha-256', 'scram-sha-512']).default('off'),
  ROLLCALL_KAFKA_USERNAME: z.string().min(1).optional(),
  ROLLCALL_KAFKA_PASSWORD: z.string().min(1).optional(),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly logUrl: string;
  readonly storeUrl: string;
  readonly jobsUrl: string;
  readonly adminKey: string | undefined;
  readonly threshold: number;
  readonly snapshotSeconds: number;
  readonly provisional: 'guarded' | 'exact';
  readonly flushMs: number;
  readonly logMaxBytes: number;
  /** 0: metrics are served on the main port. */
  readonly metricsPort: number;
  /** A number of hops or networks, as {@link ../api/access/client-address.ts} reads it; '' for none. */
  readonly trustedProxies: string;
  /** Of one network; 0: no limit. */
  readonly reportsPerMinute: number;
  /** Of one key; 0: no limit. */
  readonly readsPerMinute: number;
  /** The Ed25519 key that releases are signed with, in PKCS8; made when it is not there. Undefined: in the data directory. */
  readonly signingKeyFile: string | undefined;
  /** Whether webhooks may be http to this machine itself. */
  readonly webhookLab: boolean;
  /** For tests: the process ends itself by SIGKILL at this point of a close. */
  readonly failAt: string | undefined;
  readonly kafka: KafkaConfig;
}

/** How topics are created and brokers spoken to; the brokers stand in the log's URL. */
export interface KafkaConfig {
  readonly partitions: number;
  readonly replication: number;
  readonly tls: boolean;
  /** A file with the certificates that brokers are checked against; undefined: the system's. */
  readonly tlsCa: string | undefined;
  readonly sasl:
    | {
        readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
        readonly username: string;
        readonly password: string;
      }
    | undefined;
}

/** A key shorter than this can be guessed: it is taken, and warned of. */
export const SAFE_KEY_LENGTH = 16;

/** What is wrong with the environment, by name. A secret's value is never repeated. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.name = 'ConfigError';
  }
}

/** Throws {@link ConfigError} that names every setting at fault. An empty value counts as not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const unknown = Object.keys(given).filter((name) => name.startsWith('ROLLCALL_') && !(name in Settings.shape));
  const parsed = Settings.safeParse(given);
  const problems = [
    ...unknown.map((name) => `${name} is not a setting`),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const settings = parsed.data;
  const directory = settings.ROLLCALL_DATA_DIR;
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataDirectory: directory,
    logUrl: settings.ROLLCALL_LOG_URL ?? `lmdb:${join(directory, 'log')}`,
    storeUrl: settings.ROLLCALL_STORE_URL ?? `chdb:${join(directory, 'store')}`,
    jobsUrl: settings.ROLLCALL_JOBS_URL ?? 'memory:',
    adminKey: settings.ROLLCALL_ADMIN_KEY,
    threshold: settings.ROLLCALL_THRESHOLD,
    snapshotSeconds: settings.ROLLCALL_SNAPSHOT_SECONDS,
    provisional: settings.ROLLCALL_PROVISIONAL,
    flushMs: settings.ROLLCALL_FLUSH_MS,
    logMaxBytes: settings.ROLLCALL_LOG_MAX_MB * 1024 * 1024,
    metricsPort: settings.ROLLCALL_METRICS_PORT,
    trustedProxies: settings.ROLLCALL_TRUSTED_PROXIES,
    reportsPerMinute: settings.ROLLCALL_REPORTS_PER_MINUTE,
    readsPerMinute: settings.ROLLCALL_READS_PER_MINUTE,
    signingKeyFile: settings.ROLLCALL_SIGNING_KEY_FILE,
    webhookLab: settings.ROLLCALL_WEBHOOKS === 'lab',
    failAt: settings.ROLLCALL_FAIL_AT,
    kafka: kafkaConfig(settings),
  };
}

function kafkaConfig(settings: z.output<typeof Settings>): KafkaConfig {
  const {
    ROLLCALL_KAFKA_SASL: mechanism,
    ROLLCALL_KAFKA_USERNAME: username,
    ROLLCALL_KAFKA_PASSWORD: password,
  } = settings;
  if (mechanism !== 'off' && (username === undefined || password === undefined))
    throw new ConfigError(['ROLLCALL_KAFKA_SASL needs ROLLCALL_KAFKA_USERNAME and ROLLCALL_KAFKA_PASSWORD']);
  return {
    partitions: settings.ROLLCALL_KAFKA_PARTITIONS,
    replication: settings.ROLLCALL_KAFKA_REPLICATION,
    tls: settings.ROLLCALL_KAFKA_TLS === 'on',
    tlsCa: settings.ROLLCALL_KAFKA_TLS_CA,
    sasl:
      mechanism === 'off' || username === undefined || password === undefined
        ? undefined
        : { mechanism, username, password },
  };
}

/** The configuration as it may be printed: secrets and passwords in URLs blanked. */
export function printableConfig({ kafka, failAt, ...config }: Config): Record<string, string | number | boolean> {
  return {
    ...config,
    ...(failAt === undefined ? {} : { failAt }),
    signingKeyFile: config.signingKeyFile ?? 'in the data directory',
    adminKey: config.adminKey === undefined ? 'not set' : 'set',
    logUrl: withoutPassword(config.logUrl),
    storeUrl: withoutPassword(config.storeUrl),
    jobsUrl: withoutPassword(config.jobsUrl),
    kafkaPartitions: kafka.partitions,
    kafkaReplication: kafka.replication,
    kafkaTls: kafka.tls,
    kafkaSasl: kafka.sasl?.mechanism ?? 'off',
  };
}

function withoutPassword(text: string): string {
  // Up to the last @: a password may itself hold one, and a list of brokers one for each.
  return text.replace(/\/\/.*@/, '//***@').replace(/([?&](?:password|user|username)=)[^&]*/gi, '$1***');
}

/** Names of every setting, for the documentation's test. */
export const SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);
